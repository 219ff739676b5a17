using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Publishing.Workbooks;
using static ServiceEval.Web.Publishing.Workbooks.SheetColumn;

namespace ServiceEval.Web.Features.Reports.Renderings;

/// <summary>Builds the sheets that show what changed, by how much, and where the change comes from.</summary>
internal static class ChangeSheets
{
    public static IEnumerable<Sheet> Of(WeeklyReport report) =>
        [Comparisons(report.Changes), Contributions(report.Changes)];

    private static Sheet Comparisons(ReportChanges changes)
    {
        SheetColumn[] columns =
        [
            Text("对比", 12),
            Text("前期周次", 20),
            Count("前期评价"),
            Count("前期好评"),
            Rate("前期好评率"),
            Points("变化（百分点）"),
            Points("95%下限（百分点）"),
            Points("95%上限（百分点）"),
            Probability("P值"),
            Text("超出正常波动", 14),
            Text("说明", 44),
        ];
        object?[][] rows =
        [
            Row("与上周比", changes.LastWeek, changes.WhyNotLastWeek),
            Row("与前四周比", changes.FourWeeks, changes.WhyNotFourWeeks),
        ];
        return new Sheet("前期比较", columns, rows.Length, rows);

        static object?[] Row(string name, ReportComparison? before, string? whyNot) =>
            before is null
                ? [name, null, .. new object?[7], null, whyNot]
                :
                [
                    name,
                    string.Join('、', before.Weeks),
                    before.N,
                    before.Good,
                    before.Rate,
                    before.Difference,
                    before.Low,
                    before.High,
                    before.P,
                    before.BeyondNoise ? "是" : "否",
                    null,
                ];
    }

    private static Sheet Contributions(ReportChanges changes)
    {
        SheetColumn[] columns =
        [
            Text("对比", 12),
            Text("分解", 10),
            Text("名称", 44),
            Count("前期评价"),
            Count("本期评价"),
            Part("构成变化（百分点）"),
            Part("好评率变化（百分点）"),
            Part("合计（百分点）"),
        ];
        List<object?[]> rows = [.. Rows("与上周比", changes.LastWeek), .. Rows("与前四周比", changes.FourWeeks)];
        return new Sheet("变化贡献", columns, rows.Count, rows);

        static IEnumerable<object?[]> Rows(string name, ReportComparison? comparison) =>
            comparison is null
                ? []
                :
                [
                    .. comparison.ByHall is { } halls ? RowsOf(name, "按大厅", halls) : [],
                    .. RowsOf(name, "按窗口", comparison.ByWindow),
                    .. RowsOf(name, "按事项", comparison.ByItem),
                ];

        static IEnumerable<object?[]> RowsOf(string name, string split, ReportSplit parts) =>
            [
                [name, split, "全部", Sheet.Nothing, Sheet.Nothing, parts.Mix, parts.Rate, parts.Mix + parts.Rate],
                .. parts.Cells.Select(c =>
                    (object?[])[name, split, c.Name, c.NBefore, c.NNow, c.Mix, c.Rate, c.Mix + c.Rate]
                ),
            ];
    }
}
