using System.Globalization;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Wording;
using ServiceEval.Web.Publishing.Workbooks;
using static ServiceEval.Web.Publishing.Workbooks.SheetColumn;

namespace ServiceEval.Web.Features.Reports.Renderings;

/// <summary>Builds the sheets with the facts of the first page, with grades and channels, and with the days.</summary>
internal static class OverviewSheets
{
    public static IEnumerable<Sheet> Of(WeeklyReport report) =>
        [Facts(report), Total(report), Shares(report), Days(report)];

    private static Sheet Facts(WeeklyReport report)
    {
        (string, string)[] facts =
        [
            ("标题", report.Title),
            ("周次", report.Week),
            ("期间", ReportText.Period(report)),
            (
                "版本",
                report.Provisional
                    ? "临时（未定稿）"
                    : string.Create(CultureInfo.InvariantCulture, $"第{report.Version}版")
            ),
            .. report.Demo ? [("数据", "演示数据")] : Array.Empty<(string, string)>(),
            .. report.Summary.Select(sentence => ("摘要", sentence)),
            .. report.Calendar.WorkingDays is { } days
                ? [("工作日", string.Create(CultureInfo.InvariantCulture, $"{days}天"))]
                : Array.Empty<(string, string)>(),
            .. report.Calendar.Off.Select(day => ("放假", day)),
            .. report.Calendar.Worked.Select(day => ("调休上班", day)),
            (
                "读表说明",
                $"“{Signs.Protected}”表示少于{report.Cohort}条或者为防止推算而不公布，“{Signs.Few}”表示条数太少、不计算，“{Signs.None}”表示没有数据或者无从得知，都不表示零；空格表示不适用。"
            ),
            ("数据范围", "本报告不含在省级平台上直接作出的评价。"),
            ("报告编号", report.Id),
            ("账本止于区块", report.Ledger.Sequence.ToString(CultureInfo.InvariantCulture)),
            ("账本哈希", report.Ledger.Hash),
            ("内容哈希（SHA-256）", report.ContentHash ?? ""),
        ];
        return Sheet.Of("概况", [Text("项目", 22), Text("内容", 90)], facts, fact => [fact.Item1, fact.Item2]);
    }

    private static Sheet Total(WeeklyReport report)
    {
        SheetColumn[] columns =
        [
            Text("范围", 12),
            Count("有效评价"),
            Rate("占导入以外的评价"),
            Count("好评"),
            Rate("好评率"),
            Rate("95%下限"),
            Rate("95%上限"),
            Number("平均分"),
            Number("平均分下限"),
            Number("平均分上限"),
        ];
        var shown = ReportPrivacy.ShowsGrades(report);
        object?[] all =
        [
            "全部",
            report.N,
            Sheet.Nothing,
            shown ? report.Good : Sign(report),
            .. Shown(
                Signs.ForWhole(report),
                report.Rate,
                report.Low,
                report.High,
                report.Mean,
                report.MeanLow,
                report.MeanHigh
            ),
        ];
        object?[] active =
        [
            "主动评价",
            report.ActiveN == 0 && report.ActiveShare is null && report.N > 0 ? Signs.None : report.ActiveN,
            report.ActiveShare ?? (object)Signs.None,
            Sheet.Nothing,
            .. Shown(Signs.ForRate(report, report.ActiveN), report.ActiveRate, report.ActiveLow, report.ActiveHigh),
            Sheet.Nothing,
            Sheet.Nothing,
            Sheet.Nothing,
        ];
        return new Sheet("总体指标", columns, 2, [all, active]);

        object?[] Shown(object instead, params double?[] figures) =>
            [.. figures.Select(f => shown && f is { } known ? known : instead)];
    }

    /// <summary>Returns the sign in place of figures that so few ratings must not show.</summary>
    private static string Sign(WeeklyReport report) => report.N == 0 ? Signs.None : Signs.Protected;

    private static Sheet Shares(WeeklyReport report)
    {
        var shown = ReportPrivacy.ShowsGrades(report);
        var channels = ReportPrivacy.ShownChannels(report);
        List<object?[]> rows =
        [
            .. Grades
                .All.Select(g => (Grade: g, N: ReportText.GradeCount(report, g)))
                .Select(g =>
                    (object?[])["等级", Words.Of(g.Grade), shown ? g.N : Sign(report), ShareOfGrade(g.N), Sheet.Nothing]
                ),
            .. report.Channels.Select(c =>
                (object?[])
                    [
                        "渠道",
                        Words.Of(c.Channel),
                        c.N,
                        Share(c.N),
                        channels.Contains(c.Channel) && c.Good is { } good ? good : Signs.Protected,
                    ]
            ),
            .. report.Tiers.Select(t =>
                (object?[])
                    [
                        t.Tier.IsActive() ? "来源（主动）" : "来源（非主动）",
                        Words.Of(t.Tier),
                        t.N,
                        Share(t.N),
                        Sheet.Nothing,
                    ]
            ),
        ];
        return new Sheet(
            "等级与渠道",
            [Text("分类", 16), Text("名称", 16), Count("条数"), Rate("占有效评价"), Count("好评")],
            rows.Count,
            rows
        );

        object? ShareOfGrade(int n) => shown && report.Rate is not null ? Share(n) : Signs.ForWhole(report);

        object? Share(int n) => report.N == 0 ? null : (double)n / report.N;
    }

    private static Sheet Days(WeeklyReport report) =>
        Sheet.Of(
            "各日",
            [Date("日期"), Text("星期", 10), Count("条数"), Count("好评")],
            report.Days,
            day =>
                [
                    day.Date,
                    DayOfWeek(day.Date),
                    day.N ?? (object)Signs.None,
                    ReportPrivacy.Good(report, day) ?? (object)(day.N is null ? Signs.None : Signs.Protected),
                ]
        );

    private static string DayOfWeek(DateOnly date) => $"星期{"日一二三四五六"[(int)date.DayOfWeek]}";
}
