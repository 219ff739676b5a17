using ServiceEval.Core.Places;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;
using ServiceEval.Web.Features.Reports.Wording;
using ServiceEval.Web.Publishing.Workbooks;
using static ServiceEval.Web.Publishing.Workbooks.SheetColumn;

namespace ServiceEval.Web.Features.Reports.Renderings;

/// <summary>Builds the sheets of halls, departments, windows with their bands, and items.</summary>
internal static class PlaceSheets
{
    private static readonly SheetColumn[] Figures =
    [
        Count("有效评价"),
        Count("好评"),
        Rate("好评率"),
        Rate("95%下限"),
        Rate("95%上限"),
        Count("近四周评价"),
        Rate("近四周好评率"),
        Rate("近四周95%下限"),
        Rate("近四周95%上限"),
    ];

    public static IEnumerable<Sheet> Of(WeeklyReport report)
    {
        var halls = report.Halls.ToDictionary(
            h => h.Code,
            h => HallNames.Shorten(h.Name, [.. report.Halls.Select(x => x.Name)])
        );
        if (report.Regions.Count > 0)
            yield return Sheet.Of(
                "区划",
                [Text("代码", 18), Text("区划", 32), .. Figures],
                report.Regions,
                r => [r.Code, r.Name, .. FiguresOf(report, r.N, r.Good, r.Rate, r.Low, r.High, r.FourWeeks)]
            );
        yield return Sheet.Of(
            "大厅与乡镇",
            [Text("编码", 18), Text("大厅", 32), Text("类型", 16), .. Figures],
            report.Halls,
            h =>
                [
                    h.Code,
                    halls[h.Code],
                    Kind(h.Kind),
                    .. FiguresOf(report, h.N, h.Good, h.Rate, h.Low, h.High, h.FourWeeks),
                ]
        );
        yield return Sheet.Of(
            "部门",
            [Text("编码", 18), Text("部门", 32), .. Figures],
            report.Departments,
            d => [d.Code, d.Name, .. FiguresOf(report, d.N, d.Good, d.Rate, d.Low, d.High, d.FourWeeks)]
        );
        yield return Sheet.Of(
            "窗口",
            [Text("大厅", 32), Text("窗口号", 10), Text("窗口", 28), .. Figures, Count("分档")],
            report.Windows,
            w =>
                [
                    halls.GetValueOrDefault(w.Hall, w.Hall),
                    w.Number,
                    w.Name,
                    .. FiguresOf(report, w.N, w.Good, w.Rate, w.Low, w.High, w.FourWeeks),
                    w.Band ?? (object)Signs.ForRate(report, w.N),
                ]
        );
        yield return Sheet.Of(
            "分档",
            [
                Text("档次", 10),
                Count("窗口数"),
                Count("有效评价"),
                Count("好评"),
                Rate("好评率"),
                Rate("95%下限"),
                Rate("95%上限"),
            ],
            report.Bands,
            b => [ReportText.Band(b.Number), b.Windows, b.N, b.Good, b.Rate, b.Low, b.High]
        );
        yield return Sheet.Of(
            "事项",
            [Text("实施编码", 34), Text("事项", 44), Text("部门", 20), .. Figures],
            report.Items,
            i => [i.Code, i.Name, i.Department, .. FiguresOf(report, i.N, i.Good, i.Rate, i.Low, i.High, i.FourWeeks)]
        );
    }

    /// <summary>Returns the figures of a row. Four weeks are used only if the week alone has too few ratings.</summary>
    private static object?[] FiguresOf(
        WeeklyReport report,
        int n,
        int? good,
        double? rate,
        double? low,
        double? high,
        ReportSpan? fourWeeks
    )
    {
        object sign = Signs.ForRate(report, n);
        return
        [
            n,
            good ?? (object)Signs.Protected,
            rate ?? sign,
            low ?? sign,
            high ?? sign,
            .. fourWeeks is not null
                ? [fourWeeks.N, fourWeeks.Rate, fourWeeks.Low, fourWeeks.High]
                : Enumerable.Repeat(rate is null ? Signs.ForFourWeeks(good) : Sheet.Nothing, 4),
        ];
    }

    private static string Kind(HallKind kind) => kind == HallKind.TownshipCentre ? "便民服务中心" : "政务服务大厅";
}
