using ServiceEval.Data.Tallies;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>The line of weeks on the first page: each week's own total, as its own report has it.</summary>
internal static class Trend
{
    public const int Weeks = 12;

    public static IReadOnlyList<ReportWeek> Of(ScopedWeek week) =>
    [
        .. week.Older.Select(w => (w.Week, Total: w.Total(week.Scope.WindowIds))).Reverse()
            .Concat(week.Before.Reverse().Select(w => (w.Week, w.Total)))
            .Append((week.Rows.Week, week.Total))
            .SkipWhile(w => w.Item2.Total == 0).Select(w => Of(week, w.Item1, w.Item2)),
    ];

    private static ReportWeek Of(ScopedWeek week, IsoWeek name, GradeCounts total)
    {
        var (rate, low, high) = week.RateOf(total);
        return new(name.ToString(), total.Total, rate, low, high);
    }
}
