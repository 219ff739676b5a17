using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Web.Features.Reports.Compiling;

internal static class Measures
{
    /// <summary>Creates a measure whose date is counted in working days from the Monday after the week.</summary>
    public static ReportMeasure Of(ScopedWeek week, string text, IReadOnlyList<string> who, int workingDays) =>
        new(text, who, workingDays, Deadlines.After(week.Rows.Week.Next.Monday, workingDays, week.Calendar));
}
