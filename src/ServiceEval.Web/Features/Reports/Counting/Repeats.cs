using ServiceEval.Core.Ratings;
using ServiceEval.Core.Tallies;

namespace ServiceEval.Web.Features.Reports.Counting;

/// <summary>
/// 疑似重复: a rating within half an hour after another rating from the same device at the same window on the same date.
/// The first of these ratings is not a repeat. The rule does not look at the grade.
/// </summary>
public static class Repeats
{
    /// <summary>The longest time from one rating of a device to its next rating, inclusive.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromMinutes(30);

    /// <summary>Returns the marked ratings that are repeats.</summary>
    public static IEnumerable<MarkedRating> Among(IEnumerable<MarkedRating> marked) =>
        marked
            .GroupBy(m => (m.Group.LocalDate, m.Group.WindowId, m.Device))
            .Select(device => device.OrderBy(m => m.GivenAt).ThenBy(m => m.RatingId).ToList())
            .SelectMany(given => given.Skip(1).Where((next, before) => next.GivenAt - given[before].GivenAt <= Within));

    /// <summary>Counts the repeats of each grade by window. A window without repeats is not in the result.</summary>
    public static IReadOnlyDictionary<int, GradeCounts> ByWindow(IEnumerable<Repeat> repeats) =>
        repeats
            .GroupBy(r => r.WindowId)
            .ToDictionary(
                window => window.Key,
                window => window.Aggregate(default(GradeCounts), (sum, repeat) => sum + GradeCounts.One(repeat.Grade))
            );
}

/// <summary>A rating that has a device mark.</summary>
/// <param name="Grade">The grade in force.</param>
public sealed record MarkedRating(
    Guid RatingId,
    RatingGroup Group,
    long Device,
    DateTimeOffset GivenAt,
    Grade Grade,
    Standing Standing
);

/// <summary>A rating that is 疑似重复.</summary>
/// <param name="Grade">The grade in force.</param>
public sealed record Repeat(Guid RatingId, RatingGroup Group, Grade Grade, Standing Standing)
{
    public int WindowId => Group.WindowId;

    public bool IsValid => Core.Ratings.Counting.IsValid(Group.Tier, Standing);
}
