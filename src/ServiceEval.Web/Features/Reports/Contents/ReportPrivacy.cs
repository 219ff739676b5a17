using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Reports.Compiling;

namespace ServiceEval.Web.Features.Reports.Contents;

/// <summary>
/// Decides which figures of a report are not shown on the page and in the workbook, because they would disclose who
/// gave which grade.
/// </summary>
public static class ReportPrivacy
{
    /// <summary>Returns whether there are enough ratings to show their grades and all rates and means.</summary>
    public static bool ShowsGrades(WeeklyReport report) => report.N >= report.Cohort && report.Good is not null;

    /// <summary>
    /// Returns the channels whose good ratings may be shown. A report that was frozen by an earlier program contains
    /// the good ratings of all channels. Channels with fewer ratings than a cohort are hidden. While the hidden
    /// channels together have fewer ratings than a cohort, the next smallest channel is hidden too, because otherwise
    /// the total minus the shown channels would disclose them.
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
