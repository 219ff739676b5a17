using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>
/// The trend of weeks on the first page. Each earlier week has only the figures of its own newest report. A count of
/// today would disclose the grades of the ratings that came in since then.
/// </summary>
internal static class Trend
{
    public const int Weeks = 12;

    public static IReadOnlyList<ReportWeek> Of(ScopedWeek week) =>
        [.. week.Line.SkipWhile(w => w.N is null or 0), Of(week, week.ShowsTotal)];

    private static ReportWeek Of(ScopedWeek week, bool isShown)
    {
        var (rate, low, high) = isShown ? week.RateOf(week.Total) : default;
        return new(week.Rows.Week.ToString(), week.Total.Total, rate, low, high);
    }
}
