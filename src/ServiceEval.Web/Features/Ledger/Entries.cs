using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Every entry of the ledger once: a rating with what was appended to it, by its id; what was appended to a rating that
/// is not there; and the tables whose rows stand by themselves.
/// </summary>
internal sealed class Entries(ILedgerReader reader, Coverage coverage, ReceiptRing? receipts)
{
    /// <summary>Small tables of entries that belong to no rating: one line a table.</summary>
    private static readonly IReadOnlyList<Func<ILedgerReader, CancellationToken, Task<IEnumerable<Entry>>>> Others =
    [
        static async (reader, ct) => (await reader.KeysAsync(ct)).Rows.Select(row => Entry.Of(row)),
    ];

    /// <param name="each">Gets one and the same object each time, with the next group in it.</param>
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
            // A key that is no id is out of order, and nothing can refer to it.
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

/// <summary>A rating and what was appended to it, or entries that have no rating.</summary>
internal sealed class EntryGroup
{
    private readonly List<Entry> _appended = [];

    public Entry? RatingEntry { get; private set; }
    public Rating? Rating { get; private set; }

    /// <summary>Of its grade; the first, if a hand has made room for several.</summary>
    public Correction? Correction { get; private set; }

    /// <summary>Corrections first, then details, each with whether it belongs to the rating.</summary>
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
