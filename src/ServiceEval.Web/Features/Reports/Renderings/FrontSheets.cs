using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;
using ServiceEval.Web.Features.Reports.Wording;
using ServiceEval.Web.Publishing.Workbooks;
using static ServiceEval.Web.Publishing.Workbooks.SheetColumn;

namespace ServiceEval.Web.Features.Reports.Renderings;

/// <summary>
/// Builds the sheets with the first page's findings, as lists to work through, and with its trend of weeks.
/// </summary>
internal static class FrontSheets
{
    public static IEnumerable<Sheet> Of(WeeklyReport report)
    {
        if (report.Front is not { } front)
            yield break;
        yield return Found(front);
        yield return Sheet.Of(
            "上期措施",
            [Text("上期问题", 40), Text("上期措施", 50), Text("责任单位", 30), Date("期限"), Text("本期数据", 60)],
            front.Promises,
            p => [p.Problem, p.Measure, string.Join('、', p.Who), p.By ?? Sheet.Nothing, p.Text]
        );
        yield return Sheet.Of(
            "近周",
            [Text("周次", 12), Count("有效评价"), Rate("好评率"), Rate("95%下限"), Rate("95%上限")],
            front.Weeks,
            w =>
            {
                object sign = Signs.ForRate(report, w.N);
                return [w.Week, w.N ?? (object)Signs.None, w.Rate ?? sign, w.Low ?? sign, w.High ?? sign];
            }
        );
    }

    /// <summary>Builds the sheet of findings. Each place has its own line.</summary>
    private static Sheet Found(ReportFront front)
    {
        var rows = front
            .Highlights.Select(f => ("亮点", f))
            .Concat(front.Problems.Select(f => ("问题", f)))
            .SelectMany(Rows)
            .ToList();
        return new Sheet(
            "亮点与问题",
            [
                Text("类别", 8),
                Text("内容", 50),
                Text("单位或事项", 34),
                Count("有效评价"),
                Rate("好评率"),
                Rate("95%下限"),
                Rate("95%上限"),
                Text("差评原因", 20),
                Text("措施", 40),
                Text("责任单位", 24),
                Date("期限"),
            ],
            rows.Count,
            rows
        );

        static IEnumerable<object?[]> Rows((string Kind, ReportFinding Finding) found)
        {
            var (kind, finding) = found;
            object?[] act = finding.Measure is { } m
                ? [m.Text, string.Join('、', m.Who), m.By ?? Sheet.Nothing]
                : [Sheet.Nothing, Sheet.Nothing, Sheet.Nothing];
            var head = finding.Text.Split('：')[0].TrimEnd('。');
            return finding.Subjects.Count == 0
                ?
                [
                    [kind, finding.Text, .. Enumerable.Repeat(Sheet.Nothing, 6), .. act],
                ]
                : finding.Subjects.Select(s =>
                    (object?[])
                        [
                            kind,
                            head,
                            s.Name,
                            s.N,
                            s.Rate ?? Sheet.Nothing,
                            s.Low ?? Sheet.Nothing,
                            s.High ?? Sheet.Nothing,
                            s.Reason,
                            .. act,
                        ]
                );
        }
    }
}
