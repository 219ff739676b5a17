using ServiceEval.Data.Ledger;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>A table's rows in the order of their keys, page by page; while one page is looked at, the next is read.</summary>
internal sealed class EntryCursor<T>(Func<byte[]?, Task<LedgerPage<T>>> read, Coverage coverage) where T : ILedgerEntry
{
    private Task<LedgerPage<T>>? _coming = read(null);
    private IReadOnlyList<Stored<T>> _page = [];
    private int _at = -1;

    public Stored<T> Current { get; private set; }

    /// <summary>Goes on to the next row that this verification covers; false at the end.</summary>
    public async ValueTask<bool> MoveNextAsync(CancellationToken ct)
    {
        while (true)
        {
            while (++_at < _page.Count)
            {
                Current = _page[_at];
                if (coverage.Covers(Current.Row.Block)) return true;
            }
            if (_coming is null) return false;
            var page = await _coming;
            _coming = page.Last is { } last ? read(last) : null;
            (_page, _at) = (page.Rows, -1);
            await coverage.SeeAsync(page.Rows.Count == 0 ? 0 : page.Rows.Max(r => r.Row.Block), ct);
        }
    }
}

/// <summary>A block after the pinned one is the next verification's, unless there is no such block even now.</summary>
internal sealed class Coverage(ILedgerReader reader, long lastPinned)
{
    private long _later;

    public async ValueTask SeeAsync(long block, CancellationToken ct)
    {
        if (block > lastPinned && block > _later) _later = Math.Max(_later, await reader.LastSequenceAsync(ct));
    }

    public bool Covers(long block) => block <= lastPinned || block > _later;
}
