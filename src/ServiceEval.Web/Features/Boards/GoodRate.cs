using System.Globalization;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Statistics;
using ServiceEval.Core.Tallies;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Web.Features.Boards;

/// <summary>A good rate with its confidence interval. All three values are null if the sample is too small.</summary>
internal readonly record struct GoodRate(int N, int Good, double? Rate, double? Low, double? High)
{
    public static GoodRate Of(GradeCounts counts, int minimumN)
    {
        var (n, good) = (counts.Total, counts.Good);
        // Negative counts are impossible, so a person edited a table. Such figures get no rate, and the board is still
        // shown.
        if (n < minimumN || counts.HasNegative)
            return new(n, good, null, null, null);
        var (low, high) = Wilson.Interval(good, n);
        return new(n, good, (double)good / n, low, high);
    }

    public static Dictionary<string, int> ByGrade(GradeCounts counts) =>
        Grades.All.ToDictionary(g => Words.Wire(g), g => counts[g]);
}
