using ServiceEval.Data.Ratings;
using ServiceEval.Data.Tallies;

namespace ServiceEval.Data.Ledger;

/// <summary>
/// What verification reads, page by page in the order of the primary keys, each page in its own short read so that
/// checkpoints go on. An empty page is the end.
/// </summary>
public interface ILedgerReader
{
    /// <summary>Head and tallies of one moment; entries after its last block are left to the next verification.</summary>
    Task<LedgerSnapshot> PinAsync(CancellationToken ct);

    /// <summary>0 before the first block.</summary>
    Task<long> LastSequenceAsync(CancellationToken ct);

    Task<IReadOnlyList<LedgerBlock>> BlocksAfterAsync(long sequence, CancellationToken ct);
    Task<IReadOnlyList<Rating>> RatingsAfterAsync(Guid? id, CancellationToken ct);
    Task<IReadOnlyList<Correction>> CorrectionsAfterAsync(Guid? ratingId, CancellationToken ct);
    Task<IReadOnlyList<RatingDetail>> DetailsAfterAsync(Guid? ratingId, Grade grade, CancellationToken ct);
}

/// <param name="Head">The head's row; null if it is missing.</param>
/// <param name="LastSequence">Of the last block there is; 0 for none.</param>
public sealed record LedgerSnapshot(
    LedgerHead? Head, long LastSequence, IReadOnlyDictionary<HourKey, GradeCounts> Hours, IReadOnlyDictionary<ItemKey, GradeCounts> Items,
    IReadOnlyDictionary<WindowKey, GradeCounts> Windows, IReadOnlyDictionary<TagKey, int> Tags);
