using ServiceEval.Core.Ledger;

namespace ServiceEval.Core.Ratings;

/// <summary>
/// A request to append to the log of ratings. It is made before the ledger is locked, and decided under the lock.
/// </summary>
public abstract record LogRequest(Guid RatingId)
{
    /// <summary>Decides the request and appends its entry if there is one.</summary>
    internal abstract LogOutcome DecideIn(Batch batch);
}

/// <summary>A new rating, with details if they came with it.</summary>
/// <param name="Device">The device as in <see cref="DeviceMark"/>; null if no token came with the rating.</param>
public sealed record GiveRating(Rating Rating, RatingDetail? Detail, long? Device = null) : LogRequest(Rating.Id)
{
    internal override LogOutcome DecideIn(Batch batch) => batch.Take(this);
}

/// <summary>
/// A rating from an older system. A repeated import must have the same content, because a file, unlike a ticket, can
/// change.
/// </summary>
public sealed record ImportRating(Rating Rating, RatingDetail? Detail) : LogRequest(Rating.Id)
{
    internal override LogOutcome DecideIn(Batch batch) => batch.Take(this);
}

public sealed record GiveCorrection(Guid RatingId, Grade Grade, DateTimeOffset At) : LogRequest(RatingId)
{
    internal override LogOutcome DecideIn(Batch batch) => batch.Take(this);
}

/// <param name="Until">The deadline. Details that were given at this time or later are refused. Null for no
/// deadline.</param>
public sealed record GiveDetail(RatingDetail Detail, DateTimeOffset? Until = null) : LogRequest(Detail.RatingId)
{
    internal override LogOutcome DecideIn(Batch batch) => batch.Take(this);
}

/// <summary>
/// A key that signs blocks from the next one on: the key of another node, or the newest key of this process.
/// </summary>
/// <param name="Renews">True if the process's own key signs its own admission, because no key in force is left.</param>
public sealed record AdmitKey(byte[] PublicKey, string Name, bool Renews = false) : LogRequest(Guid.Empty)
{
    internal override LogOutcome DecideIn(Batch batch) => batch.Take(this);
}

public enum LogOutcome
{
    /// <summary>The entry was appended in this commit.</summary>
    Stored,

    /// <summary>The same entry was stored already. Nothing was added.</summary>
    Replay,

    /// <summary>The imported rating is stored already with other content. Nothing was changed.</summary>
    Changed,

    /// <summary>No rating has this id.</summary>
    RatingUnknown,

    /// <summary>The rating was corrected already, or it is more than two minutes old.</summary>
    CorrectionClosed,

    /// <summary>Other details are stored already.</summary>
    DetailsPresent,

    /// <summary>The deadline for details is over.</summary>
    DetailsClosed,

    /// <summary>The details belong to a grade that a correction has replaced.</summary>
    GradeReplaced,
}

/// <summary>The result of a request.</summary>
/// <param name="Grade">The grade in force after the commit; the default value if the rating is unknown.</param>
/// <param name="Block">The block of the rating; the default value if the rating is unknown.</param>
public readonly record struct LogResult(LogOutcome Outcome, Grade Grade, BlockReference Block);
