using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;
using ServiceEval.Web.Features.Reports.Wording;
using ServiceEval.Web.Publishing.Workbooks;
using static ServiceEval.Web.Publishing.Workbooks.SheetColumn;

namespace ServiceEval.Web.Features.Reports.Renderings;

/// <summary>Builds the sheets that show how reliable the figures are.</summary>
internal static class QualitySheets
{
    public static IEnumerable<Sheet> Of(WeeklyReport report)
    {
        var quality = report.Quality;
        var halls = report.Halls.Select(h => h.Name).ToList();
        string Name(string hall) => HallNames.Shorten(hall, halls);
        yield return Total(report, quality);
        yield return Sheet.Of(
            "无评价窗口",
            [Text("大厅", 32), Text("窗口号", 10), Text("窗口", 28)],
            quality.SilentWindows,
            w => [Name(w.Hall), w.Number, w.Name]
        );
        yield return Sheet.Of(
            "疑似重复窗口",
            [Text("大厅", 32), Text("窗口号", 10), Text("窗口", 28), Count("疑似重复")],
            quality.Repeats.Windows,
            w => [Name(w.Hall), w.Number, w.Name, w.N]
        );
    }

    private static Sheet Total(WeeklyReport report, ReportQuality quality)
    {
        var (corrections, repeats) = (quality.Corrections, quality.Repeats);
        var (corrected, repeated) = (QualityText.Known(report, corrections.N), QualityText.Known(report, repeats.N));
        object without = QualityText.SignWithout(report);
        object?[][] rows =
        [
            Row("收到", quality.Received, "本周全部评价，不论是否计入"),
            Row("其中：迟到", quality.Late, "第一版报告编制以后才收到"),
            Row("导入", quality.Imported, "计入总数，在来源中单列"),
            Row("待核实", quality.Quarantined, "暂不计入"),
            Row("不予采纳", quality.Voided, "不计入"),
            Row(
                "没有评价的工作日",
                quality.SilentDays.Count,
                quality.SilentDays.Count == 0 ? "单位为天" : $"{ReportText.Days(quality.SilentDays)}，单位为天"
            ),
            Row("无评价的窗口", quality.SilentWindows.Count, "在用而本周没有收到评价，单位为个"),
            Row("重新选择", corrected, "评价后两分钟内改选，只计改选后的评价"),
            Part("其中：差评改好评", corrected, corrections.BadToGood),
            Part("其中：好评改差评", corrected, corrections.GoodToBad),
            Part("其中：好评之间", corrected, corrections.WithinGood),
            Part("其中：差评之间", corrected, corrections.WithinBad),
            Row("疑似重复", repeated, "好评、差评按同一规则识别，仍然计入"),
            Part("其中：好评", repeated, repeats.Good),
            [
                "剔除疑似重复后的好评率",
                Sheet.Nothing,
                repeats.RateWithout ?? without,
                repeats.LowWithout ?? without,
                repeats.HighWithout ?? without,
                null,
            ],
        ];
        return new Sheet(
            "数据质量",
            [Text("项目", 26), Count("条数"), Rate("好评率"), Rate("95%下限"), Rate("95%上限"), Text("说明", 48)],
            rows.Length,
            rows
        );

        // A row whose number is a part of a number of ratings.
        static object?[] Part(string name, int? of, int? n) =>
            [
                name,
                of is not null && n is { } known ? known : Signs.ForPart(of),
                Sheet.Nothing,
                Sheet.Nothing,
                Sheet.Nothing,
                null,
            ];

        static object?[] Row(string name, int? n, string? note = null) =>
            [name, n, Sheet.Nothing, Sheet.Nothing, Sheet.Nothing, note];
    }
}
