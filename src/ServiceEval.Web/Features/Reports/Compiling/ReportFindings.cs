using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Wording;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>Builds 亮点, 问题 and 措施 of the first page, and the same problems and measures as plain sentences.</summary>
internal static class ReportFindings
{
    public static ReportFront Of(ScopedWeek week, WeeklyReport report)
    {
        var (whole, places) = (new WholeFindings(week, report), new PlaceFindings(week, report));
        List<ReportFinding> problems =
        [
            .. whole.Problems(),
            .. places.Low(),
            .. whole.MoreTags(),
            .. places.BelowLine(),
            .. new DataFindings(week, report).Problems(),
        ];
        var (promises, whyNone) = Promises.Of(week, report, problems);
        return new([.. whole.Highlights(), .. places.High()], problems, promises, whyNone, Trend.Of(week));
    }

    /// <summary>Returns 存在问题 and 下步工作建议.</summary>
    public static (IReadOnlyList<ReportSentence> Problems, IReadOnlyList<ReportSentence> Suggestions) Sentences(
        ReportFront front
    )
    {
        if (front.Problems.Count == 0)
        {
            return (
                [new("本周数据中没有发现超出正常波动的问题。", "comparison")],
                [new("保持现有做法，继续引导群众自愿评价；下周留意好评率区间和没有数据的窗口。", "interval")]
            );
        }
        return (
            [.. front.Problems.Select(f => new ReportSentence(f.Text, f.Definition))],
            [.. front.Problems.Select(f => new ReportSentence(MeasureText.Sentence(f.Measure!), f.Definition))]
        );
    }
}
