using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Reads every entry of the ledger once: each rating with the entries appended to it, in the order of the ids; the
/// entries appended to a rating that does not exist; and the tables whose entries belong to no rating.
/// </summary>
internal sealed class Entries(ILedgerReader reader, ReadCoverage coverage, ReceiptRing? receipts)
{
    /// <summary>The small tables of entries that belong to no rating, one line for each table.</summary>
    private static readonly IReadOnlyList<Func<ILedgerReader, CancellationToken, Task<IEnumerable<Entry>>>> Others =
    [
        static async (reader, ct) => (await reader.KeysAsync(ct)).Rows.Select(row => Entry.Of(row)),
    ];

    /// <param name="each">Receives the same object each time, filled with the next group.</param>
    public async Task ReadAsync(Func<EntryGroup, ValueTask> each, CancellationToken ct)
    {
        var ratings = new EntryCursor<Rating>(
            id => reader.RatingsAfterAsync(id, ct),
            row => Entry.Of(row, receipts),
            coverage
        );
        var corrections = new EntryCursor<Correction>(
            id => reader.CorrectionsAfterAsync(id, ct),
            row => Entry.Of(row),
            coverage
        );
        var details = new EntryCursor<RatingDetail>(
            id => reader.DetailsAfterAsync(id, ct),
            row => Entry.Of(row),
            coverage
        );
        var (correctionsLeft, detailsLeft) = (await corrections.MoveNextAsync(ct), await details.MoveNextAsync(ct));
        var group = new EntryGroup();
        while (await ratings.MoveNextAsync(ct))
        {
            group.Begin(ratings.Current);
            // A key that is not an id is out of order, and no entry can refer to it.
            if (ratings.Current.OddKey is null)
            {
                var id = ratings.Row.Id;
                for (
                    ;
                    correctionsLeft && corrections.Row.RatingId.CompareTo(id) <= 0;
                    correctionsLeft = await corrections.MoveNextAsync(ct)
                )
                    group.Add(corrections.Current);
                for (
                    ;
                    detailsLeft && details.Row.RatingId.CompareTo(id) <= 0;
                    detailsLeft = await details.MoveNextAsync(ct)
                )
                    group.Add(details.Current);
            }
            await each(group);
        }
        for (; correctionsLeft; correctionsLeft = await corrections.MoveNextAsync(ct))
            await AloneAsync(corrections.Current);
        for (; detailsLeft; detailsLeft = await details.MoveNextAsync(ct))
            await AloneAsync(details.Current);
        foreach (var others in Others)
        {
            foreach (var entry in await others(reader, ct))
            {
                await coverage.SeeAsync(entry.Row.Block, ct);
                if (!coverage.IsLater(entry.Row.Block))
                    await AloneAsync(entry);
            }
        }

        ValueTask AloneAsync(in Entry entry)
        {
            group.Begin(null);
            group.Add(entry);
            return each(group);
        }
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
    /// The appended entries: corrections first, then details. <see cref="BelongsToRating"/> tells whether one belongs
    /// to the rating.
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
