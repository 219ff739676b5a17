using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Reads every entry of the ledger once: each rating with the entries appended to it, in the order of the ids; the
/// entries appended to a rating that does not exist; and the entries that are about no rating.
/// </summary>
internal sealed class Entries(ILedgerReader reader, ReadCoverage coverage, ReceiptRing? receipts)
{
    /// <param name="each">Receives the same object each time, filled with the next group.</param>
    public async Task ReadAsync(Func<EntryGroup, ValueTask> each, CancellationToken ct)
    {
        var ratings = new EntryCursor<Rating>(reader, EntryKind.Rating, receipts, coverage, ct);
        var appended = new List<EntryCursor>();
        foreach (var cursor in Appended(ct))
            if (await cursor.MoveNextAsync(ct))
                appended.Add(cursor);
        var group = new EntryGroup();
        while (await ratings.MoveNextAsync(ct))
        {
            group.Begin(ratings.Current);
            // A key that is not an id is out of order, and no entry can refer to it.
            if (ratings.Current.OddKey is null)
                await AddUpToAsync(ratings.Current.Key);
            await each(group);
        }
        foreach (var cursor in appended)
        {
            do await AloneAsync(cursor.Current);
            while (await cursor.MoveNextAsync(ct));
        }
        foreach (var kind in EntryKind.All.Where(kind => !kind.IsOfRating))
        {
            foreach (var entry in await kind.Accept(new Few(reader, ct)))
            {
                await coverage.SeeAsync(entry.Row.Block, ct);
                if (!coverage.IsLater(entry.Row.Block))
                    await AloneAsync(entry);
            }
        }

        async ValueTask AddUpToAsync(Guid rating)
        {
            for (var i = 0; i < appended.Count; i++)
            {
                while (appended[i].Current.Key.CompareTo(rating) <= 0)
                {
                    group.Add(appended[i].Current);
                    if (await appended[i].MoveNextAsync(ct))
                        continue;
                    appended.RemoveAt(i--);
                    break;
                }
            }
        }

        ValueTask AloneAsync(in Entry entry)
        {
            group.Begin(null);
            group.Add(entry);
            return each(group);
        }
    }

    /// <summary>Begins to read all tables of entries that are appended to ratings.</summary>
    private List<EntryCursor> Appended(CancellationToken ct) =>
        [
            .. EntryKind
                .All.Where(kind => kind.IsOfRating && kind != EntryKind.Rating)
                .Select(kind => kind.Accept(new Cursors(reader, receipts, coverage, ct))),
        ];

    private sealed class Cursors(
        ILedgerReader reader,
        ReceiptRing? receipts,
        ReadCoverage coverage,
        CancellationToken ct
    ) : IEntryKindVisitor<EntryCursor>
    {
        public EntryCursor Visit<TRow>(EntryKind<TRow> kind)
            where TRow : class, ILedgerEntry => new EntryCursor<TRow>(reader, kind, receipts, coverage, ct);
    }

    /// <summary>Reads a small table.</summary>
    private sealed class Few(ILedgerReader reader, CancellationToken ct) : IEntryKindVisitor<Task<IEnumerable<Entry>>>
    {
        public async Task<IEnumerable<Entry>> Visit<TRow>(EntryKind<TRow> kind)
            where TRow : class, ILedgerEntry =>
            (await reader.WholeTableAsync(kind, ct)).Rows.Select(row => Entry.Of(kind, row, receipts: null));
    }
}

/// <summary>A rating with the entries appended to it, or entries that have no rating.</summary>
internal sealed class EntryGroup
{
    private readonly List<Entry> _appended = [];

    public Entry? RatingEntry { get; private set; }
    public Rating? Rating { get; private set; }

    /// <summary>
    /// The correction of the rating; the first one if a person altered the table so that it holds several.
    /// </summary>
    public Correction? Correction { get; private set; }

    /// <summary>
    /// The appended entries, kind by kind in the order of <see cref="EntryKind.All"/>. <see cref="BelongsToRating"/>
    /// tells whether one belongs to the rating.
    /// </summary>
    public IReadOnlyList<Entry> Appended => _appended;

    public void Begin(Entry? rating)
    {
        (RatingEntry, Rating, Correction) = (rating, (Rating?)rating?.Row, null);
        _appended.Clear();
    }

    public void Add(in Entry entry)
    {
        _appended.Add(entry);
        if (entry.Row is Correction correction && BelongsToRating(entry))
            Correction ??= correction;
    }

    public bool BelongsToRating(in Entry entry) =>
        Rating is { } rating && entry.OddKey is null && entry.Key == rating.Id;
}
