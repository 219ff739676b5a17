using ServiceEval.Core.Reports;
using ServiceEval.Web.Features.Reports.Pages.Sections;
using ServiceEval.Web.Features.Reports.Wording;

namespace ServiceEval.Web.Features.Reports.Pages;

/// <summary>A part of the report with its own heading.</summary>
/// <param name="Anchor">The anchor that the contents link to.</param>
public sealed record PageSection(string Heading, string Anchor, Type Body, bool IsAnnex)
{
    /// <summary>Returns the sections that this report has, in their order.</summary>
    public static IReadOnlyList<PageSection> Of(ReportView view)
    {
        if (view.Report.IsOfEarlierForm)
            return
            [
                new("一、基本情况", "part-1", typeof(BasicsSection), IsAnnex: false),
                new("二、分渠道情况", "part-2", typeof(ChannelsSection), IsAnnex: false),
            ];
        List<(string Name, Type Body)> sections =
        [
            ("基本情况", typeof(BasicsSection)),
            ("分渠道情况", typeof(ChannelsSection)),
            ("分部门情况", typeof(DepartmentsSection)),
            .. view.IsRegion
                ? [(view.ListsRegions ? "分区划与大厅情况" : "分大厅与乡镇情况", typeof(HallsSection))]
                : ((string, Type)[])[],
            ("分窗口情况", typeof(WindowsSection)),
            ("分事项情况", typeof(ItemsSection)),
            ("与前期比较", typeof(ChangesSection)),
            ("差评情况", typeof(BadSection)),
            ("数据质量", typeof(QualitySection)),
            // The first page has the problems and measures with names and dates. A report of an earlier program has
            // only the sentences.
            .. view.Report.Front is null
                ? [("存在问题", typeof(ProblemsSection)), ("下步工作建议", typeof(SuggestionsSection))]
                : ((string, Type)[])[],
            .. view.Report.Difference is { } difference
                ? [($"与{Version(difference.Earlier)}的差异", typeof(DifferenceSection))]
                : ((string, Type)[])[],
        ];
        List<(string Name, Type Body)> annexes =
        [
            .. view.IsRegion && view.RatedWindows.Count > 0
                ? [("各窗口评价情况", typeof(AllWindows))]
                : ((string, Type)[])[],
            .. view.OtherItems.Count > 0 ? [("其余事项评价情况", typeof(OtherItems))] : ((string, Type)[])[],
            ("指标定义", typeof(Definitions)),
        ];
        return
        [
            .. sections.Select(
                (s, i) =>
                    new PageSection($"{ReportText.Numeral(i + 1)}、{s.Name}", $"part-{i + 1}", s.Body, IsAnnex: false)
            ),
            .. annexes.Select(
                (a, i) =>
                    new PageSection(
                        $"附表{ReportText.Numeral(i + 1)}　{a.Name}",
                        $"annex-{i + 1}",
                        a.Body,
                        IsAnnex: true
                    )
            ),
        ];
    }

    private static string Version(string id) => ReportId.Parse(id) is { } parsed ? $"第{parsed.Version}版" : "上一版";
}
