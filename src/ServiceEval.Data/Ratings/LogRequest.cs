using ServiceEval.Data.Ledger;

namespace ServiceEval.Data.Ratings;

/// <summary>What may be appended to the ratings' log; made at the door, decided under the ledger's lock.</summary>
public abstract record LogRequest(Guid RatingId);

/// <summary>A rating, with details if they came with it.</summary>
/// <param name="Device">As in <see cref="DeviceMark"/>; null where no token came with the rating.</param>
public sealed record GiveRating(Rating Rating, RatingDetail? Detail, long? Device = null) : LogRequest(Rating.Id);

/// <summary>
/// A rating from an older system. Its repeat must say the same: unlike a ticket, a file can change its mind.
/// </summary>
public sealed record ImportRating(Rating Rating, RatingDetail? Detail) : LogRequest(Rating.Id);

public sealed record GiveCorrection(Guid RatingId, Grade Grade, DateTimeOffset At) : LogRequest(RatingId);

/// <param name="Until">Details given later are refused; null for none.</param>
public sealed record GiveDetail(RatingDetail Detail, DateTimeOffset? Until = null) : LogRequest(Detail.RatingId);

/// <summary>A key that is to sign blocks from the next one on: another node's, or this process's own newest.</summary>
/// <param name="Renews">The own key signs for itself, because no key in force is left.</param>
public sealed record AdmitKey(byte[] PublicKey, string Name, bool Renews = false) : LogRequest(Guid.Empty);

public enum LogOutcome
{
    /// <summary>Appended in this commit.</summary>
    Stored,

    /// <summary>The same was there already; nothing was added.</summary>
    Replay,

    /// <summary>An imported rating is there already and says something else; nothing was changed.</summary>
    Changed,

    /// <summary>No rating bears this id.</summary>
    RatingUnknown,

    /// <summary>Corrected once already, or more than two minutes old.</summary>
    CorrectionClosed,

    /// <summary>Other details are there already.</summary>
    DetailsPresent,

    /// <summary>The deadline for details is over.</summary>
    DetailsClosed,

    /// <summary>The details are about a grade that a correction has replaced meanwhile.</summary>
    GradeReplaced,
}

/// <summary>What became of a request.</summary>
/// <param name="Grade">The grade in force afterwards; default if the rating is unknown.</param>
/// <param name="Block">The block that keeps the rating, default if the rating is unknown.</param>
public readonly record struct LogResult(LogOutcome Outcome, Grade Grade, BlockReference Block);
