using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;
using ServiceEval.Data.Tallies;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>Reads every entry once: each into its place, and all of them into tallies counted anew.</summary>
internal sealed class Recount(ILedgerReader reader, Coverage coverage, Places places)
{
    private const int ProgressStep = 100_000;

    /// <summary>Rows that are not simply right.</summary>
    public List<Doubt> Doubts { get; } = [];
    public TallyChanges Tallies { get; } = new();
    public long Ratings { get; private set; }

    /// <summary>Ids that corrections and details name and no rating bears.</summary>
    public HashSet<Guid> Orphans { get; } = [];

    /// <summary>The keys that sign blocks; they count in no tally.</summary>
    public void Add(IReadOnlyList<Stored<LedgerKey>> keys)
    {
        foreach (var key in keys) Note(Doubt.Of(key, places));
    }

    /// <summary>Merges ratings with what was appended to them, by their ids.</summary>
    public async Task RunAsync(IProgress<long>? progress, CancellationToken ct)
    {
        var corrections = new EntryCursor<Correction>(id => reader.CorrectionsAfterAsync(id, ct), coverage);
        var details = new EntryCursor<RatingDetail>(id => reader.DetailsAfterAsync(id, ct), coverage);
        var ratings = new EntryCursor<Rating>(id => reader.RatingsAfterAsync(id, ct), coverage);
        var (correctionsLeft, detailsLeft) = (await corrections.MoveNextAsync(ct), await details.MoveNextAsync(ct));
        while (await ratings.MoveNextAsync(ct))
        {
            var stored = ratings.Current;
            var rating = stored.Row;
            Note(Doubt.Of(stored, places));
            if (++Ratings % ProgressStep == 0) progress?.Report(Ratings);

            RatingState? state = null;
            // A key that is no id is out of order, and nothing can refer to it.
            if (stored.OddKey is null)
            {
                for (; correctionsLeft && corrections.Current.Row.RatingId.CompareTo(rating.Id) <= 0; correctionsLeft = await corrections.MoveNextAsync(ct))
                    if (BelongsTo(rating, corrections.Current)) (state ??= new(rating)).Correction = corrections.Current.Row;
                for (; detailsLeft && details.Current.Row.RatingId.CompareTo(rating.Id) <= 0; detailsLeft = await details.MoveNextAsync(ct))
                    if (BelongsTo(rating, details.Current)) (state ??= new(rating)).Add(details.Current.Row);
            }
            Count(rating, state);
        }
        for (; correctionsLeft; correctionsLeft = await corrections.MoveNextAsync(ct)) BelongsTo(null, corrections.Current);
        for (; detailsLeft; detailsLeft = await details.MoveNextAsync(ct)) BelongsTo(null, details.Current);
    }

    private bool BelongsTo(Rating? rating, in Stored<Correction> correction)
    {
        Note(Doubt.Of(correction, places));
        return correction.OddKey is null && BelongsTo(rating, correction.Row.RatingId);
    }

    private bool BelongsTo(Rating? rating, in Stored<RatingDetail> detail)
    {
        Note(Doubt.Of(detail, places));
        return detail.OddKey is null && BelongsTo(rating, detail.Row.RatingId);
    }

    private bool BelongsTo(Rating? rating, Guid ratingId)
    {
        if (rating?.Id == ratingId) return true;
        Orphans.Add(ratingId);
        return false;
    }

    private void Note(Doubt? doubt)
    {
        if (doubt is not null) Doubts.Add(doubt);
    }

    private void Count(Rating rating, RatingState? state)
    {
        if (!rating.Grade.IsDefined()) return;
        Tallies.Add(rating);
        if (state is null || !state.Grade.IsDefined()) return;
        if (state.Correction is { } correction && correction.ReplacedGrade.IsDefined()) Tallies.Correct(rating, correction, null);
        if (state.Detail is { } detail) Tallies.Add(rating, detail);
    }
}
