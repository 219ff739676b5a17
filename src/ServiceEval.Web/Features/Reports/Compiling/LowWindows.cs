using ServiceEval.Web.Features.Reports.Statistics;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>
/// Windows whose good rate is below that of all others together, by the two-proportion test and at a false discovery rate of
/// 5 % over all windows. A band says less: it is homogeneous as a whole, and a window of the lowest may be as good as the county.
/// </summary>
internal static class LowWindows
{
    /// <returns>In the report's order.</returns>
    public static IReadOnlyList<ReportWindow> Of(WeeklyReport report)
    {
        var windows = report.Windows.Where(w => w.Rate is not null && w.N < report.N).ToList();
        if (windows.Count < 2) return [];
        var tests = windows.ConvertAll(w => TwoProportions.Compare(new Proportion(report.Good - w.Good!.Value, report.N - w.N), new Proportion(w.Good.Value, w.N)));
        var found = BenjaminiHochberg.Discoveries([.. tests.Select(t => t.P)]);
        return [.. windows.Where((_, i) => found[i] && tests[i] is { IsLargeEnough: true, Difference: < 0 })];
    }
}
