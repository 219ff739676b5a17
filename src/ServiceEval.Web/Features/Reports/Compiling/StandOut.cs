using ServiceEval.Core.Statistics;
using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>
/// Rows of one level that differ from all other ratings of the scope together, by the two-proportion test at a false
/// discovery rate of 5 % over the level. A band says less: it is homogeneous as a whole, and a window of the lowest
/// band may be as good as the county.
/// </summary>
/// <param name="High">The rows that are better than the others.</param>
/// <param name="Low">The rows that are worse than the others.</param>
/// <param name="BelowLine">The rows that are not in <paramref name="Low"/> but whose interval lies completely below the
/// scope's rate. The chart shows these rows, so a reader asks about them. Among many rows, about one in forty is there
/// by chance.</param>
internal sealed record StandOut(
    IReadOnlyList<LevelRow> High,
    IReadOnlyList<LevelRow> Low,
    IReadOnlyList<LevelRow> BelowLine
)
{
    /// <summary>Finds these rows. Each list is in the report's order.</summary>
    public static StandOut Of(WeeklyReport report, FindingLevel level)
    {
        // If the others are fewer than a cohort, there is nothing to compare with.
        var rows = Levels.Of(report, level).Where(r => report.N - r.N >= report.Cohort).ToList();
        // A single row has no other rows to compare with.
        if (rows.Count < 2 || report.Rate is not { } whole || report.Good is not { } good)
            return new([], [], []);
        var tests = rows.ConvertAll(r =>
            TwoProportions.Compare(new Proportion(good - r.Good, report.N - r.N), r.Proportion)
        );
        var found = BenjaminiHochberg.Discoveries([.. tests.Select(t => t.P)]);
        bool IsFound(int i, int sign) => found[i] && tests[i].IsLargeEnough && Math.Sign(tests[i].Difference) == sign;
        var low = rows.Where((_, i) => IsFound(i, -1)).ToList();
        return new([.. rows.Where((_, i) => IsFound(i, 1))], low, [.. rows.Except(low).Where(r => r.High < whole)]);
    }
}
