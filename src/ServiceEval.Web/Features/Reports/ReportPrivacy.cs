using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Reports.Compiling;

namespace ServiceEval.Web.Features.Reports;

/// <summary>
/// Which of a report's own figures stay unsaid, on the page and in the workbook alike, because they would tell who gave
/// which grade.
/// </summary>
public static class ReportPrivacy
{
    /// <summary>
    /// Whether there are enough ratings in all to show their grades, and with them every rate and mean.
    /// </summary>
    public static bool ShowsGrades(WeeklyReport report) => report.N >= report.Cohort && report.Good is not null;

    /// <summary>
    /// The channels whose good ratings may be shown. A report that was frozen before its JSON hid any holds them all:
    /// those with fewer ratings than a cohort are not shown, and while they make less than one together, the next
    /// smallest neither, because the total less what is shown would give them away.
    /// </summary>
    public static IReadOnlySet<Channel> ShownChannels(WeeklyReport report)
    {
        var hidden = Suppression.Hidden(report.Channels.Select(c => c.N), report.Cohort);
        return report
            .Channels.Where((c, i) => c.Good is not null && !hidden.Contains(i))
            .Select(c => c.Channel)
            .ToHashSet();
    }

    public static int? Good(WeeklyReport report, ReportDay day) => ShowsGrades(report) ? day.Good : null;
}
