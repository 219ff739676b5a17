using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>Findings about the whole scope: too few ratings, a change beyond noise, tags that moved.</summary>
internal sealed class WholeFindings(ScopedWeek week, WeeklyReport report)
{
    private readonly Reasons _reasons = new(week, report);
    private readonly Responsible _responsible = new(week);

    private (string Name, ReportComparison? Comparison) Change =>
        report.Changes.LastWeek is { } last ? ("上周", last) : ("前四周", report.Changes.FourWeeks);

    public IEnumerable<ReportFinding> Problems()
    {
        if (report.N < report.MinimumN)
        {
            yield return Problem(
                Finds.Few,
                FindingLevel.Whole,
                $"有效评价只有{report.N}条，不足{report.MinimumN}条，暂不计算好评率。",
                "good-rate",
                [],
                "检查评价码是否张贴在看得见的位置、能否扫开；引导群众自愿评价，不诱导、不代评。",
                [_responsible.Office]
            );
        }
        if (Change is { Comparison: { BeyondNoise: true, Difference: < 0 } fall, Name: var with })
        {
            var (cause, who) = Cause(fall);
            yield return Problem(
                Finds.Fall,
                FindingLevel.Whole,
                $"好评率比{with}下降{Comparisons.Points(fall.Difference)}，超出正常波动。",
                "comparison",
                [],
                cause,
                who
            );
        }
    }

    public IEnumerable<ReportFinding> MoreTags()
    {
        var more = report.Tags.Where(TagTable.IsMoreOfBad).ToList();
        if (more.Count == 0)
            yield break;
        var halls = more.Select(t => _reasons.HallOf(t.Code))
            .OfType<string>()
            .Select(_responsible.Hall)
            .Distinct()
            .ToList();
        yield return Problem(
            Finds.MoreTags,
            FindingLevel.Tag,
            $"差评标签{Names(more)}比前期明显增多。",
            "tag-share",
            [.. more.Select(Subject)],
            $"针对“{more[0].Text}”查明是个别窗口还是普遍情况，提出整改措施和完成时间。",
            halls.Count > 0 ? halls : [_responsible.Office]
        );
    }

    public IEnumerable<ReportFinding> Highlights()
    {
        if (Change is { Comparison: { BeyondNoise: true, Difference: > 0 } rise, Name: var with })
            yield return new(
                Finds.Rise,
                FindingLevel.Whole,
                $"好评率比{with}上升{Comparisons.Points(rise.Difference)}，超出正常波动。",
                "comparison",
                [],
                null
            );
        var fewer = report.Tags.Where(t => t.Rose == false && t.Grade.IsBad()).ToList();
        if (fewer.Count > 0)
            yield return new(
                Finds.FewerTags,
                FindingLevel.Tag,
                $"差评标签{Names(fewer)}比前期明显减少。",
                "tag-share",
                [.. fewer.Select(Subject)],
                null
            );
    }

    private static string Names(List<ReportTag> tags) =>
        FindingText.List(tags.ConvertAll(t => $"“{t.Text}”"), "“差评情况”");

    private static ReportSubject Subject(ReportTag tag) =>
        new(FindingLevel.Tag, tag.Code, tag.Text, tag.N, null, null, null, null);

    private ReportFinding Problem(
        string kind,
        FindingLevel level,
        string text,
        string definition,
        IReadOnlyList<ReportSubject> subjects,
        string measure,
        IReadOnlyList<string> who
    ) => new(kind, level, text, definition, subjects, Measures.Of(week, measure, who, Deadlines.Usual));

    private (string Text, IReadOnlyList<string> Who) Cause(ReportComparison fall)
    {
        var main = Comparisons.Decisive(fall, fall.ByWindow) ?? Comparisons.Decisive(fall, fall.ByHall);
        var whom = main is null ? "涉及的窗口较多，先查系统、流程、政策等共同的原因" : $"先从{main.Name}查起";
        var who = main is null
            ? null
            : week
                .Scope.Halls.Select(h => week.Scope.NameOf(h.Name))
                .FirstOrDefault(h => main.Name.StartsWith(h, StringComparison.Ordinal));
        return Math.Abs(fall.ByWindow.Rate) >= Math.Abs(fall.ByWindow.Mix)
            ? ($"下降主要来自窗口自身的好评率，{whom}。", [who ?? _responsible.Office])
            : ($"下降主要来自评价量的构成变化，{whom}，不宜据此批评窗口。", [who ?? _responsible.Office]);
    }
}
