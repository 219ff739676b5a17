using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Web.Features.Reports.Wording;

/// <summary>Formats a measure: who, by when, what.</summary>
public static class MeasureText
{
    private const int Named = 4;

    public static string Sentence(ReportMeasure measure) => $"{Who(measure.Who)}{By(measure)}前：{measure.Text}";

    public static string Who(IReadOnlyList<string> who) =>
        who.Count <= Named
            ? string.Join('、', who)
            : $"{string.Join('、', who.Take(Named))}，以及所列其余{who.Count - Named}个单位";

    /// <summary>Formats the date for a narrow column, which has no room for the weekday.</summary>
    public static string ShortBy(ReportMeasure measure) =>
        measure.By is { } day ? $"{ReportText.Day(day)}前" : By(measure);

    /// <summary>Formats the date, or the number of working days if the calendar lacks the year.</summary>
    public static string By(ReportMeasure measure) =>
        measure.By is { } day
            ? $"{ReportText.Day(day)}（{ReportText.DayOfWeek(day)}）"
            : $"{measure.WorkingDays}个工作日内";
}
