using ServiceEval.Web.Features.Reports.Statistics;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>
/// Rows of one level that differ from all other ratings of the scope together, by the two-proportion test and at a
/// false discovery rate of 5 % over the level. A band says less: it is homogeneous as a whole, and a window of the
/// lowest may be as good as the county.
/// </summary>
/// <param name="High">Better than the others.</param>
/// <param name="Low">Worse than the others.</param>
/// <param name="BelowLine"> Not among <paramref name="Low"/>, but with an interval that lies wholly below the scope's
/// rate: the chart shows it so, and the reader asks. Among many rows one in forty is there by chance. </param>
internal sealed record StandOut(
    IReadOnlyList<LevelRow> High,
    IReadOnlyList<LevelRow> Low,
    IReadOnlyList<LevelRow> BelowLine
)
{
    /// <summary>Each in the report's order.</summary>
    public static StandOut Of(WeeklyReport report, FindingLevel level)
    {
        // With fewer others than a cohort there is nothing to compare with.
        var rows = Levels.Of(report, level).Where(r => report.N - r.N >= report.Cohort).ToList();
        // One row alone has no peers.
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
