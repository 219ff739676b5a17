using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Pages;
using ServiceEval.Web.Features.Reports.Wording;

namespace ServiceEval.Web.Features.Reports.Mail;

/// <summary>Writes the texts of a mail: its subject and both of its bodies.</summary>
internal static class LetterText
{
    public static string Subject(WeeklyReport report)
    {
        var mark = report.Demo ? "【演示数据】" : "";
        var version = report.Version > 1 ? $"（第{report.Version}版）" : "";
        var rate = report.Rate is null ? "" : $"：好评率{ReportText.Percent(report.Rate)}";
        return OneLine($"{mark}{report.Title} {report.Week}{version}{rate}");
    }

    /// <summary>
    /// Returns a sentence that says which version this version replaces. Returns null for the first version.
    /// </summary>
    public static string? Replaces(WeeklyReport report) =>
        report.Version > 1
            ? $"本周数据在第{report.Version - 1}版编制后有变动，本版（第{report.Version}版）取代第{report.Version - 1}版，请以本版为准。"
            : null;

    public static IReadOnlyList<(string Name, string Value)> Figures(WeeklyReport report) =>
        [
            ("有效评价", $"{report.N}条"),
            ("好评率", ReportText.Percent(report.Rate, Signs.ForWhole(report))),
            ("95%置信区间", ReportText.Interval(report.Low, report.High, Signs.ForWhole(report))),
            ("主动评价占比", ReportText.Percent(report.ActiveShare)),
        ];

    /// <summary>
    /// Returns what must be done, by whom and by when, as on the first page. Returns nothing for a report without a
    /// first page.
    /// </summary>
    public static IReadOnlyList<string> ToDo(WeeklyReport report) =>
        report.Front is not { } front
            ? []
            : [.. front.Problems.Select((p, i) => $"{i + 1}. {p.Text}{MeasureText.Sentence(p.Measure!)}")];

    public static IEnumerable<string> Notes(WeeklyReport report)
    {
        if (Signs.Explain(report, Figures(report).Select(f => f.Value).ToHashSet()) is { } signs)
            yield return signs;
        yield return "报告全文见附件。本邮件由系统自动发送，请勿回复。";
    }

    /// <summary>
    /// Returns the report's id, the ledger's head and the content hash. Anyone who keeps the mail keeps a copy of the
    /// ledger's head outside the service.
    /// </summary>
    public static IEnumerable<string> Origin(WeeklyReport report) =>
        [
            $"报告编号 {report.Id}",
            $"账本止于区块 {report.Ledger.Sequence}　哈希 {report.Ledger.Hash}",
            $"内容哈希（SHA-256）{report.ContentHash}",
        ];

    public static string Plain(WeeklyReport report)
    {
        List<string> lines =
        [
            $"{(report.Demo ? "【演示数据】" : "")}{OneLine(report.Title)}",
            ReportText.Period(report),
            "",
        ];
        if (Replaces(report) is { } replaces)
            lines.AddRange([replaces, ""]);
        lines.AddRange([
            .. report.Summary,
            "",
            .. ToDo(report) is { Count: > 0 } todo ? ["问题和措施", .. todo, ""] : (string[])[],
            .. Figures(report).Select(f => $"{f.Name}：{f.Value}"),
            "",
            .. Notes(report),
            "",
            .. Origin(report),
        ]);
        return string.Join("\r\n", lines) + "\r\n";
    }

    /// <summary>
    /// Replaces control characters, for use in a mail header. A title comes from a file of seed data, and a new line in
    /// it would begin another header.
    /// </summary>
    public static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
