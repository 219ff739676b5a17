using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Quotes;
using ServiceEval.Web.Features.Reports.Wording;
using ServiceEval.Web.Publishing.Workbooks;
using static ServiceEval.Web.Publishing.Workbooks.SheetColumn;

namespace ServiceEval.Web.Features.Reports.Renderings;

/// <summary>Builds the sheets that show why citizens were not satisfied: the tags and the comments.</summary>
internal static class BadSheets
{
    private const string Others = "条数太少不单列的标签（各等级合计）";
    private const string Erased = "已删除";

    public static IEnumerable<Sheet> Of(WeeklyReport report, IReadOnlyList<Quote> quotes)
    {
        var isCompared = report.Tags.Any(t => t.Before is not null);
        IReadOnlyList<ReportTag?> tags = [.. report.Tags, .. report.OtherTags is null ? [] : (ReportTag?[])[null]];
        yield return Sheet.Of(
            "差评标签",
            [
                Text("等级", 12),
                Text("标签", 40),
                Text("代码", 12),
                Count("次数"),
                Rate("占有效评价"),
                Rate("前期占有效评价"),
                Text("超出正常波动", 14),
            ],
            tags,
            t =>
                t is null
                    ?
                    [
                        Sheet.Nothing,
                        Others,
                        Sheet.Nothing,
                        report.OtherTags,
                        Sheet.Nothing,
                        Sheet.Nothing,
                        Sheet.Nothing,
                    ]
                    :
                    [
                        Words.Of(t.Grade),
                        t.Text,
                        t.Code,
                        t.N ?? (object)Signs.Protected,
                        t.Share ?? (object)Signs.Protected,
                        t.Before ?? (object)(isCompared ? Signs.Protected : Signs.None),
                        t.Rose is not null ? "是"
                        : t.Before is null ? null
                        : "否",
                    ]
        );
        yield return Sheet.Of(
            "群众留言",
            [Text("等级", 12), Text("内容", 90), Text("账本承诺值", 68)],
            quotes,
            q => [Words.Of(q.Grade), q.Text ?? Erased, q.Commitment]
        );
    }
}
