using ServiceEval.Core.Places;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;

namespace ServiceEval.Web.Features.Reports.Wording;

/// <summary>Formats the section on the quality of the data.</summary>
public static class QualityText
{
    public static IEnumerable<QualityRow> Rows(WeeklyReport report)
    {
        var quality = report.Quality;
        yield return new("收到评价", quality.Received, "coverage", $"本周的全部评价，其中计入统计{report.N}条");
        yield return new(
            "迟到评价",
            quality.Late,
            "late",
            report.Version > 1 ? "第1版编制以后才收到，已计入本版" : "首次编制时还没有迟到的评价"
        );
        yield return new("导入评价", quality.Imported, "tier", "从其他系统导入，计入总数，在评价来源中单列");
        if (quality.SilentDays.Count > 0)
            yield return new(
                "没有评价的工作日",
                quality.SilentDays.Count,
                "silent",
                $"{ReportText.Days(quality.SilentDays)}，请查明是否停机",
                "天"
            );
        yield return new("待核实", quality.Quarantined, "valid", "核实之前不计入统计，也不删除");
        yield return new("不予采纳", quality.Voided, "valid", "经核实不予采纳，不计入统计，原评价保留可查");
        yield return new(
            "更正",
            Known(report, quality.Corrections.N),
            "correction",
            Directions(report, quality.Corrections)
        );
        yield return new("疑似重复", Known(report, quality.Repeats.N), "repeat", Without(report, quality.Repeats));
    }

    /// <summary>
    /// Returns null if the number is unknown. An imported rating does not say whether it was corrected or with which
    /// device it was given. So without other ratings, a zero would be wrong.
    /// </summary>
    public static int? Known(WeeklyReport report, int n) => n == 0 && report.N > 0 && report.ActiveN == 0 ? null : n;

    /// <summary>Returns the sign that is shown if the rate without the repeats is missing.</summary>
    public static string SignWithout(WeeklyReport report) =>
        Known(report, report.Quality.Repeats.N) is { } repeats ? Signs.ForRate(report, report.N - repeats) : Signs.None;

    public static string Repeats(WeeklyReport report) =>
        string.Join(
            '；',
            report
                .Quality.Repeats.Windows.GroupBy(w => w.Hall)
                .Select(hall =>
                    $"{Place(report, hall.Key)}{string.Join('、', hall.Select(w => $"{ReportText.Window(w.Number)}{w.Name}{w.N}条"))}"
                )
        );

    /// <summary>Returns the silent windows by hall. A hall's own report does not name the hall.</summary>
    public static IEnumerable<(string Hall, string Windows)> Silent(WeeklyReport report) =>
        report
            .Quality.SilentWindows.GroupBy(w => w.Hall)
            .Select(hall =>
                (Place(report, hall.Key), string.Join('、', hall.Select(w => $"{ReportText.Window(w.Number)}{w.Name}")))
            );

    private static string Place(WeeklyReport report, string hall) =>
        report.IsOfRegion ? $"{HallNames.Shorten(hall, [.. report.Halls.Select(h => h.Name)])}：" : "";

    private static string Directions(WeeklyReport report, ReportCorrections corrections)
    {
        if (corrections.N == 0)
            return Known(report, 0) is null ? "导入的评价没有更正记录，无从得知" : "群众没有用过“按错了？重新选”";
        if (corrections is not { BadToGood: { } up, GoodToBad: { } down, WithinGood: { } good, WithinBad: { } bad })
        {
            return corrections.N < report.Cohort
                ? $"不足{report.Cohort}条，不列改动方向"
                : "为保护评价人，不列改动方向";
        }
        return $"差评改好评{up}条，好评改差评{down}条，好评之间{good}条，差评之间{bad}条";
    }

    private static string Without(WeeklyReport report, ReportRepeats repeats)
    {
        if (repeats.N == 0)
            return Known(report, 0) is null ? "导入的评价没有随机标记，无法判断"
                : report.ActiveN < report.N ? $"在可以判断的{report.ActiveN}条主动评价中没有发现"
                : "没有发现";
        if (repeats.RateWithout is null)
        {
            return SignWithout(report) == Signs.Few
                ? $"计入统计；去掉以后不足{Math.Max(report.MinimumN, report.Cohort)}条，不另算好评率"
                : "计入统计；为保护评价人，不公布去掉以后的好评率";
        }
        return $"计入统计；去掉以后好评率{ReportText.Percent(repeats.RateWithout)}（{ReportText.Interval(repeats.LowWithout, repeats.HighWithout)}），计入时{ReportText.Percent(report.Rate)}";
    }
}

/// <param name="N">Null if the number is unknown.</param>
/// <param name="Definition">The id of the definition that the name links to.</param>
public sealed record QualityRow(string Name, int? N, string Definition, string Note, string Unit = "条")
{
    public string Amount => N is { } n ? $"{ReportText.Count(n)}{Unit}" : Signs.None;
}
