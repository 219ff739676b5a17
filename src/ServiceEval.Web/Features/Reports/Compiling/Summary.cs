using System.Globalization;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Wording;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>Writes the three to six sentences that the head of a bureau can read aloud.</summary>
internal static class Summary
{
    public static IReadOnlyList<string> Of(WeeklyReport report) => [.. Sentences(report)];

    private static IEnumerable<string> Sentences(WeeklyReport report)
    {
        var when = report.Provisional ? "本周截至编制时" : "本周";
        if (report.N == 0)
        {
            yield return $"{when}没有收到有效评价。";
            yield return "没有评价不等于满意，请查看评价码是否张贴、设备是否正常。";
            yield return $"{report.Windows.Count}个在用窗口都没有数据。";
            yield break;
        }
        yield return $"{when}共收到有效评价{report.N}条，{Origin(report)}。";
        if (report.N < report.Cohort)
        {
            yield return $"评价少于{report.Cohort}条，为保护评价人，不公布等级。";
            yield return Coverage(report);
            yield break;
        }
        if (report.Good is null)
        {
            yield return Protected(report);
            yield return Coverage(report);
            yield break;
        }
        yield return Level(report);
        yield return Comparisons.Sentence(report.Changes);
        if (Contribution(report) is { } contribution)
            yield return contribution;
        if (Reason(report) is { } reason)
            yield return reason;
        yield return Coverage(report);
    }

    private static string Level(WeeklyReport report) =>
        report.Rate is null
            ? $"差评{report.N - report.Good}条；有效评价不足{report.MinimumN}条，样本太小，不计算本周好评率{FourWeeks(report.FourWeeks)}。"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"好评率{ReportText.Percent(report.Rate)}，95%置信区间为{ReportText.Interval(report.Low, report.High)}，平均{report.Mean:0.00}分；差评{report.N - report.Good}条。"
            );

    private static string Protected(WeeklyReport report) =>
        report.Kept switch
        {
            null => "为避免用其他大厅的数字推算出少数人的评价，不公布本周的等级和好评率。",
            { Rate: null } kept =>
                $"新收到的评价不足{report.Cohort}条，为保护评价人，等级仍以{kept.Report}的{kept.N}条为准。",
            var kept =>
                $"新收到的评价不足{report.Cohort}条，为保护评价人，好评率仍以{kept.Report}的{kept.N}条为准：{ReportText.Percent(kept.Rate)}（{ReportText.Interval(kept.Low, kept.High)}）。",
        };

    private static string FourWeeks(ReportSpan? span) =>
        span is null
            ? ""
            : $"，近四周合计{span.N}条，好评率{ReportText.Percent(span.Rate)}（{ReportText.Interval(span.Low, span.High)}）";

    private static string Origin(WeeklyReport report)
    {
        var imported = report.Tiers.FirstOrDefault(t => t.Tier == Tier.Imported)?.N ?? 0;
        if (imported == report.N)
            return "都是从其他系统导入的";
        if (report.ActiveN == report.N)
            return "全部为群众主动评价";
        var own = report.N - imported;
        var active =
            report.ActiveN == own
                ? "都是群众主动评价"
                : $"群众主动评价{report.ActiveN}条，占{ReportText.Percent(report.ActiveShare)}";
        return imported == 0
            ? $"其中{active}"
            : $"其中从其他系统导入{imported}条，其余{own}条{(report.ActiveN == own ? "" : "中")}{active}";
    }

    /// <summary>
    /// Names a hall or a window only if the rate moved by more than chance, and only if this place made a third of the
    /// change.
    /// </summary>
    private static string? Contribution(WeeklyReport report)
    {
        if ((report.Changes.LastWeek ?? report.Changes.FourWeeks) is not { BeyondNoise: true } comparison)
            return null;
        var (hall, window) = (
            Comparisons.Decisive(comparison, comparison.ByHall),
            Comparisons.Decisive(comparison, comparison.ByWindow)
        );
        string[] parts =
        [
            .. hall is null ? [] : (string[])[Part(hall)],
            .. window is null ? [] : (string[])[Part(window)],
        ];
        return parts.Length > 0
            ? $"在这{Comparisons.Points(comparison.Difference)}中，{string.Join('，', parts)}。"
            : $"涉及的窗口较多，没有哪个窗口占到其中的三分之一。";

        string Part(ReportCell cell) => $"{cell.Name}占{Comparisons.Points(cell.Mix + cell.Rate)}";
    }

    private static string? Reason(WeeklyReport report) =>
        report.Tags.Where(t => t.Grade.IsBad() && t.N > 0).MaxBy(t => t.N) is { } tag
            ? $"差评中提到最多的是“{tag.Text}”，共{tag.N}条。"
            : null;

    private static string Coverage(WeeklyReport report)
    {
        var silent = report.Quality.SilentWindows.Count;
        var rated = report.Windows.Count(w => w.N > 0);
        var windows =
            silent == 0 ? $"{rated}个窗口都收到了评价" : $"{rated}个窗口收到评价，另有{silent}个在用窗口没有数据";
        return report.Quality.SilentDays.Count == 0
            ? $"{windows}。"
            : $"{windows}；{ReportText.Days(report.Quality.SilentDays)}是工作日，没有收到一条评价。";
    }
}
