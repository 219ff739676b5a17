using ServiceEval.Core.Ledger;
using ServiceEval.Core.Storage;

namespace ServiceEval.Core.Ratings;

/// <summary>
/// 按错了？重新选: an appended entry that replaces the grade of a rating, once. Both entries stay in the ledger.
/// </summary>
public sealed class Correction : ILedgerEntry
{
    /// <summary>
    /// The time after the receipt of a rating in which the rating may be corrected. It is the same for all grades.
    /// </summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(2);

    public Guid RatingId { get; init; }
    public Grade ReplacedGrade { get; init; }
    public Grade Grade { get; init; }
    public DateTimeOffset CorrectedAt { get; init; }
    public long Block { get; set; }
    public int Index { get; set; }
    public byte[] Leaf { get; set; } = [];

    /// <summary>
    /// Returns true if the correction is in time. It may be earlier than the receipt by up to
    /// <see cref="CommitTime.SetBack"/>, because a clock may have been set back in between.
    /// </summary>
    public static bool IsInTime(DateTimeOffset receivedAt, DateTimeOffset at) =>
        at - receivedAt <= Window && receivedAt - at <= CommitTime.SetBack;

    public static Correction Of(Rating rating, Grade grade, DateTimeOffset at)
    {
        if (!grade.IsDefined())
            throw new ArgumentOutOfRangeException(nameof(grade), grade, "The grade must be one of the five.");
        if (grade == rating.Grade)
            throw new ArgumentException("A correction must change the grade.", nameof(grade));
        var correction = new Correction
        {
            RatingId = rating.Id,
            ReplacedGrade = rating.Grade,
            Grade = grade,
            CorrectedAt = at.ToMilliseconds(),
        };
        correction.Leaf = LeafEncoding.Of(correction);
        return correction;
    }
}
