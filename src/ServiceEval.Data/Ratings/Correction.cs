using ServiceEval.Data.Ledger;

namespace ServiceEval.Data.Ratings;

/// <summary>按错了？重新选: an appended entry that replaces a rating's grade, once; both stay in the ledger.</summary>
public sealed class Correction : ILedgerEntry
{
    /// <summary>How long after a rating was received it may be corrected, alike for all grades.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(2);

    public Guid RatingId { get; init; }
    public Grade ReplacedGrade { get; init; }
    public Grade Grade { get; init; }
    public DateTimeOffset CorrectedAt { get; init; }
    public long Block { get; set; }
    public int Index { get; set; }
    public byte[] Leaf { get; set; } = [];

    /// <summary>A clock may have been set back since the rating was received.</summary>
    public static bool IsInTime(DateTimeOffset receivedAt, DateTimeOffset at) =>
        at - receivedAt <= Window && receivedAt - at <= CommitTime.SetBack;

    public static Correction Of(Rating rating, Grade grade, DateTimeOffset at)
    {
        if (!grade.IsDefined())
            throw new ArgumentOutOfRangeException(nameof(grade), grade, "There are five grades.");
        if (grade == rating.Grade)
            throw new ArgumentException("A correction changes the grade.", nameof(grade));
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
