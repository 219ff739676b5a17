using ServiceEval.Core.Ledger;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Reads the rows of a table in the order of their keys, page by page (keyset paging). While one page is processed, the
/// next page is hashed and the page after that is read.
/// </summary>
internal abstract class EntryCursor
{
    public Entry Current { get; protected set; }

    /// <summary>
    /// Moves to the next row and skips rows that the next verification covers. Returns false at the end.
    /// </summary>
    public abstract ValueTask<bool> MoveNextAsync(CancellationToken ct);
}

internal sealed class EntryCursor<TRow>(
    ILedgerReader reader,
    EntryKind<TRow> kind,
    ReceiptRing? receipts,
    ReadCoverage coverage,
    CancellationToken ct
) : EntryCursor
    where TRow : class, ILedgerEntry
{
    private Task<Page>? _coming = Task.Run(
        () => HashAsync(reader, kind, receipts, reader.PageAsync(kind, null, ct), ct),
        ct
    );
    private Page? _page;
    private int _at;

    public override async ValueTask<bool> MoveNextAsync(CancellationToken ct)
    {
        while (true)
        {
            while (_page is { } page && ++_at < page.Entries.Length)
            {
                Current = page.Entries[_at];
                if (!coverage.IsLater(Current.Row.Block))
                    return true;
            }
            if (_coming is null)
                return false;
            _page = await _coming;
            _at = -1;
            _coming = _page.Next is { } next ? Task.Run(() => HashAsync(reader, kind, receipts, next, ct), ct) : null;
            await coverage.SeeAsync(_page.Entries.Length == 0 ? 0 : _page.Entries.Max(e => e.Row.Block), ct);
        }
    }

    private static async Task<Page> HashAsync(
        ILedgerReader reader,
        EntryKind<TRow> kind,
        ReceiptRing? receipts,
        Task<LedgerPage<TRow>> reading,
        CancellationToken ct
    )
    {
        var page = await reading;
        var next = page.Last is { } last ? reader.PageAsync(kind, last, ct) : null;
        var entries = new Entry[page.Rows.Count];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = Entry.Of(kind, page.Rows[i], receipts);
        return new Page(entries, next);
    }

    private sealed record Page(Entry[] Entries, Task<LedgerPage<TRow>>? Next);
}

/// <summary>
/// Tells which blocks this verification covers. A block after the pinned one is left to the next verification, unless
/// the block does not exist even now.
/// </summary>
/// <param name="since">Blocks up to this one are trusted as proven.</param>
internal sealed class ReadCoverage(ILedgerReader reader, long since, long lastPinned)
{
    private long _later;

    public async ValueTask SeeAsync(long block, CancellationToken ct)
    {
        if (block > lastPinned && block > _later)
            _later = Math.Max(_later, await reader.LastSequenceAsync(ct));
    }

    public bool IsLater(long block) => block > lastPinned && block <= _later;

    public bool Covers(long block) => since == 0 || block > since || block <= 0;
}
