using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>Findings about rows that stand out at each level, for the worse and for the better.</summary>
internal sealed class PlaceFindings(ScopedWeek week, WeeklyReport report)
{
    private readonly Reasons _reasons = new(week, report);
    private readonly Responsible _responsible = new(week);
    private readonly Dictionary<FindingLevel, StandOut> _levels = Levels.All.ToDictionary(
        level => level,
        level => StandOut.Of(report, level)
    );

    private string Whole => week.Scope.Whole;

    public IEnumerable<ReportFinding> Low()
    {
        foreach (var (level, subjects) in Subjects(s => s.Low, withReasons: true))
        {
            yield return new(
                Finds.Low,
                level,
                Text(level, subjects, "低于", FindingText.Problems),
                "low",
                subjects,
                Measure(MeasureOf(level), subjects)
            );
        }
    }

    public IEnumerable<ReportFinding> High()
    {
        foreach (var (level, subjects) in Subjects(s => s.High, withReasons: false))
        {
            yield return new(
                Finds.High,
                level,
                Text(level, subjects, "高于", FindingText.Highlights),
                "low",
                subjects,
                null
            );
        }
    }

    /// <summary>
    /// Returns one finding for all levels together, so that a result that may be chance is stated only once.
    /// </summary>
    public IEnumerable<ReportFinding> BelowLine()
    {
        var subjects = Subjects(s => s.BelowLine, withReasons: true).SelectMany(s => s.Subjects).ToList();
        if (subjects.Count == 0)
            yield break;
        yield return new(
            Finds.BelowLine,
            FindingLevel.Whole,
            $"另有{subjects.Count}处的置信区间整个低于{Whole}好评率，其中可能有偶然情况：{List(subjects, FindingText.BelowLine)}。",
            "below-line",
            subjects,
            Measure("查看差评原因和意见，有共性问题的及时改进；连续两期出现的，按明显偏低办理。", subjects)
        );
    }

    private string Text(FindingLevel level, IReadOnlyList<ReportSubject> subjects, string than, int named) =>
        $"{subjects.Count}个{FindingText.Of(level)}的好评率明显{than}{Whole}其余{FindingText.Of(level)}：{List(subjects, named)}。";

    private static string List(IReadOnlyList<ReportSubject> subjects, int named) =>
        FindingText.List([.. subjects.Select(FindingText.Figures)], "各表标记", named);

    private ReportMeasure Measure(string text, IReadOnlyList<ReportSubject> subjects) =>
        Measures.Of(
            week,
            text,
            [.. subjects.Select(s => _responsible.Of(s.Level, s.Code)).Distinct()],
            Deadlines.Usual
        );

    private static string MeasureOf(FindingLevel level) =>
        level switch
        {
            FindingLevel.Hall =>
                "逐条查看差评原因和意见，分清人员、流程、设备、政策哪方面的问题，说明情况并提出整改措施。",
            FindingLevel.Window => "逐个窗口核实差评原因，能当场改的当场改，不能当场改的明确整改措施和完成时间。",
            FindingLevel.Department => "查明本部门哪些窗口、事项差评集中，提出整改措施和完成时间。",
            _ => "对照办事指南核查材料、环节和时限，提出简化办法；指南有误的立即更正。",
        };

    private IEnumerable<(FindingLevel Level, IReadOnlyList<ReportSubject> Subjects)> Subjects(
        Func<StandOut, IReadOnlyList<LevelRow>> rows,
        bool withReasons
    ) =>
        from level in Levels.All
        let found = rows(_levels[level])
        where found.Count > 0
        select (
            level,
            (IReadOnlyList<ReportSubject>)
                [
                    .. found.Select(r => new ReportSubject(
                        level,
                        r.Code,
                        r.Name,
                        r.N,
                        r.Rate,
                        r.Low,
                        r.High,
                        withReasons ? _reasons.Of(level, r.Code) : null
                    )),
                ]
        );
}
