using ServiceEval.Data.Ratings;
using ServiceEval.Data.Tallies;

namespace ServiceEval.Web.Features.Reports;

/// <summary>
/// 疑似重复: a rating that follows another from the same device at the same window, on the same date, within half an hour.
/// The first of them stays an ordinary rating, and no grade is asked after.
/// </summary>
public static class Repeats
{
    /// <summary>From one rating of a device to its next, inclusive.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromMinutes(30);

    /// <summary>Those of the marked ratings that are repeats.</summary>
    public static IEnumerable<MarkedRating> Among(IEnumerable<MarkedRating> marked) =>
        marked
            .GroupBy(m => (m.LocalDate, m.WindowId, m.Device))
            .Select(device => device.OrderBy(m => m.GivenAt).ThenBy(m => m.RatingId).ToList())
            .SelectMany(given => given.Skip(1).Where((next, before) => next.GivenAt - given[before].GivenAt <= Within));

    /// <summary>How many of each grade, by window; a window without any is left out.</summary>
    public static IReadOnlyDictionary<int, GradeCounts> ByWindow(IEnumerable<Repeat> repeats) =>
        repeats
            .GroupBy(r => r.WindowId)
            .ToDictionary(
                window => window.Key,
                window => window.Aggregate(default(GradeCounts), (sum, repeat) => sum + GradeCounts.One(repeat.Grade))
            );
}

/// <summary>A rating that came with a device mark.</summary>
/// <param name="Grade">The grade in force.</param>
public sealed record MarkedRating(
    Guid RatingId,
    int WindowId,
    DateOnly LocalDate,
    long Device,
    DateTimeOffset GivenAt,
    Grade Grade,
    Tier Tier,
    Standing Standing
);

/// <summary>A rating that is 疑似重复.</summary>
/// <param name="Grade">The grade in force.</param>
public sealed record Repeat(Guid RatingId, int WindowId, DateOnly LocalDate, Grade Grade, Tier Tier, Standing Standing);
