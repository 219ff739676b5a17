using System.Globalization;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Wording;
using ServiceEval.Web.Publishing.Workbooks;
using static ServiceEval.Web.Publishing.Workbooks.SheetColumn;

namespace ServiceEval.Web.Features.Reports.Renderings;

/// <summary>
/// Builds the sheets with problems and suggestions, with the differences from the version before, and with the
/// definitions.
/// </summary>
internal static class NoteSheets
{
    public static IEnumerable<Sheet> Of(WeeklyReport report)
    {
        yield return Sentences(report);
        if (report.Difference is { } difference)
            yield return Differences(report, difference);
        yield return Sheet.Of(
            "指标定义",
            [Text("编号", 18), Text("指标", 22), Text("版本", 8), Text("定义", 90)],
            report.Definitions,
            d => [d.Id, d.Name, d.Version.ToString(CultureInfo.InvariantCulture), d.Text]
        );
    }

    private static Sheet Sentences(WeeklyReport report)
    {
        var names = report.Definitions.ToDictionary(d => d.Id, d => d.Name);
        List<object?[]> rows =
        [
            .. report.Problems.Select(s => (object?[])["存在问题", s.Text, names.GetValueOrDefault(s.Definition)]),
            .. report.Suggestions.Select(s =>
                (object?[])["下步工作建议", s.Text, names.GetValueOrDefault(s.Definition)]
            ),
        ];
        return new Sheet(
            "存在问题与建议",
            [Text("类别", 16), Text("内容", 90), Text("所依据的指标", 22)],
            rows.Count,
            rows
        );
    }

    private static Sheet Differences(WeeklyReport report, ReportDifference difference)
    {
        var halls = report.Halls.Select(h => h.Name).ToList();
        SheetColumn[] columns =
        [
            Text("指标", 36),
            Count("前一版（条）"),
            Count("本版（条）"),
            Rate("前一版（%）"),
            Rate("本版（%）"),
            Number("前一版（分）"),
            Number("本版（分）"),
            Text("前一版编号", 28),
        ];
        return Sheet.Of(
            "与前一版差异",
            columns,
            difference.Figures,
            f => [Named(f.Name), .. Of(f, "条"), .. Of(f, "%"), .. Of(f, "分"), difference.Earlier]
        );

        // Rates and means are compared only if both versions show grades. A missing figure has too few ratings.
        static object?[] Of(ReportFigureChange figure, string unit) =>
            figure.Unit == unit
                ? [figure.Before ?? (object)Signs.Few, figure.Now ?? (object)Signs.Few]
                : [Sheet.Nothing, Sheet.Nothing];

        string Named(string text) =>
            halls.Find(h => text.StartsWith(h, StringComparison.Ordinal)) is { } hall
                ? HallNames.Shorten(hall, halls) + text[hall.Length..]
                : text;
    }
}
