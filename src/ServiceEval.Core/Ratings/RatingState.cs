namespace ServiceEval.Core.Ratings;

/// <summary>A rating with everything that was appended to it.</summary>
public sealed class RatingState(Rating rating)
{
    private readonly List<RatingDetail> _details = [];

    public Rating Rating => rating;
    public Correction? Correction { get; set; }
    public IReadOnlyList<RatingDetail> Details => _details;

    /// <summary>The grade in force.</summary>
    public Grade Grade => Correction?.Grade ?? rating.Grade;

    /// <summary>The detail of the grade in force; null if there is none.</summary>
    public RatingDetail? Detail => DetailOf(Grade);

    public RatingDetail? DetailOf(Grade grade) => _details.Find(d => d.Grade == grade);

    public void Add(RatingDetail detail) => _details.Add(detail);

    /// <summary>
    /// Returns true if a repeated import has the stored content: window, tier, channel, grade and time, and the detail
    /// of that grade.
    /// </summary>
    public bool SaysTheSameAs(Rating other, RatingDetail? detail) =>
        rating.WindowId == other.WindowId
        && rating.Tier == other.Tier
        && rating.Channel == other.Channel
        && rating.Grade == other.Grade
        && rating.GivenAt == other.GivenAt
        && (DetailOf(rating.Grade) is { } stored ? detail is not null && stored.SaysTheSameAs(detail) : detail is null);

    public bool CanBeCorrected(DateTimeOffset now) => Correction is null && Correction.IsInTime(rating.ReceivedAt, now);
}
