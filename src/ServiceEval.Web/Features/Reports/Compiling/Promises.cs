using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Wording;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>
/// Judges the last report's measures by this week's figures. It uses the figures alone, because no one reports back to
/// this system.
/// </summary>
internal static class Promises
{
    public static (IReadOnlyList<ReportPromise> Promises, string? WhyNone) Of(
        ScopedWeek week,
        WeeklyReport report,
        IReadOnlyList<ReportFinding> now
    )
    {
        if (week.LastReport is not { } json)
            return ([], "上周没有编制周报，没有可对照的措施。");
        if (Read(json) is not { } last)
            return ([], "上期周报的数据损坏，读不出措施，没有对照。");
        if (last.Front is not { } front)
            return ([], "上期周报由以前的程序编制，没有列出措施，不作对照。");
        var measured = front.Problems.Where(p => p.Measure is not null).ToList();
        if (measured.Count == 0)
            return ([], "上期没有提出措施。");
        return ([.. measured.Select(p => Judge(p, report, now))], null);
    }

    /// <summary>Returns null if the row is damaged, so that this week's report can still be compiled.</summary>
    private static WeeklyReport? Read(string json)
    {
        try
        {
            return WeeklyReport.Parse(json);
        }
        catch (Exception e) when (WeeklyReport.IsDamage(e))
        {
            return null;
        }
    }

    private static ReportPromise Judge(ReportFinding before, WeeklyReport report, IReadOnlyList<ReportFinding> now)
    {
        var (outcome, text) = before switch
        {
            { Subjects.Count: 0 } => AsAWhole(before, report, now),
            { Kind: Finds.MoreTags } => OfTags(before, report, now),
            { Kind: Finds.SilentWindows } => OfSilent(before, now),
            _ => OfPlaces(before, report, now),
        };
        // The names after the colon are left out, because the outcome has them with their current figures.
        return new(
            before.Text.Split('：')[0].TrimEnd('。'),
            before.Measure!.Text,
            before.Measure.Who,
            before.Measure.By,
            outcome,
            text
        );
    }

    private static (PromiseOutcome, string) AsAWhole(
        ReportFinding before,
        WeeklyReport report,
        IReadOnlyList<ReportFinding> now
    )
    {
        if (now.FirstOrDefault(f => f.Kind == before.Kind) is { } again)
            return (PromiseOutcome.Open, $"仍有：{again.Text}");
        if (report.Provisional)
            return (PromiseOutcome.Unknown, "本周尚未结束，不能判断。");
        var isCompared = report.Changes is not { LastWeek: null, FourWeeks: null };
        return before.Kind == Finds.Fall && !isCompared
            ? (PromiseOutcome.Unknown, "本周不作比较，不能判断。")
            : (PromiseOutcome.Kept, "本周没有再出现。");
    }

    private static (PromiseOutcome, string) OfTags(
        ReportFinding before,
        WeeklyReport report,
        IReadOnlyList<ReportFinding> now
    )
    {
        if (report.Changes is { LastWeek: null, FourWeeks: null })
            return (PromiseOutcome.Unknown, "本周不作比较，不能判断。");
        var still = Codes(now, Finds.MoreTags, FindingLevel.Tag);
        return Sum([
            .. before.Subjects.Select(s =>
                still.Contains(s.Code)
                    ? (s.Name, PromiseOutcome.Open, "仍在增多")
                    : (s.Name, PromiseOutcome.Kept, "没有再增多")
            ),
        ]);
    }

    private static (PromiseOutcome, string) OfSilent(ReportFinding before, IReadOnlyList<ReportFinding> now)
    {
        var still = Codes(now, Finds.SilentWindows, FindingLevel.Window);
        return Sum([
            .. before.Subjects.Select(s =>
                still.Contains(s.Code)
                    ? (s.Name, PromiseOutcome.Open, "仍没有评价")
                    : (s.Name, PromiseOutcome.Kept, "已有评价或已停用")
            ),
        ]);
    }

    private static (PromiseOutcome, string) OfPlaces(
        ReportFinding before,
        WeeklyReport report,
        IReadOnlyList<ReportFinding> now
    )
    {
        return Sum([.. before.Subjects.Select(s => Place(s))]);

        (string, PromiseOutcome, string) Place(ReportSubject then)
        {
            if (Levels.Of(report, then.Level).FirstOrDefault(r => r.Code == then.Code) is not { } row)
            {
                var n = Levels.RatingsOf(report, then.Level, then.Code);
                var isProtected = Signs.ForRate(report, n) == Signs.Protected;
                return (
                    then.Name,
                    PromiseOutcome.Unknown,
                    isProtected ? "好评率没有公布，不能判断" : "评价太少，不能判断"
                );
            }
            // A row that may be low by chance gets no figures here. The tables have its figures.
            var change =
                before.Kind == Finds.BelowLine ? "" : $"{ReportText.Percent(then.Rate)}→{FindingText.Figures(row)}，";
            if (Codes(now, Finds.Low, then.Level).Contains(then.Code))
                return (then.Name, PromiseOutcome.Open, $"{change}仍明显偏低");
            if (Codes(now, Finds.BelowLine, then.Level).Contains(then.Code))
                return (then.Name, PromiseOutcome.Open, $"{change}仍低于总的好评率");
            // If all places fall together, a place may no longer be below the others although it did not improve.
            return row.Rate > then.Rate
                ? (then.Name, PromiseOutcome.Kept, $"{change}不再偏低")
                : (then.Name, PromiseOutcome.Open, $"{change}没有上升");
        }
    }

    private static HashSet<string> Codes(IReadOnlyList<ReportFinding> findings, string kind, FindingLevel level) =>
        [
            .. findings
                .Where(f => f.Kind == kind)
                .SelectMany(f => f.Subjects)
                .Where(s => s.Level == level)
                .Select(s => s.Code),
        ];

    private static (PromiseOutcome, string) Sum(IReadOnlyList<(string Name, PromiseOutcome Outcome, string Text)> parts)
    {
        var outcomes = parts.Select(p => p.Outcome).Where(o => o != PromiseOutcome.Unknown).Distinct().ToList();
        var all = outcomes switch
        {
            [] => PromiseOutcome.Unknown,
            [var one] => one,
            _ => PromiseOutcome.Partly,
        };
        // Equal texts are said once with the names of all their places, so that no place is left out.
        var said = parts.GroupBy(p => p.Text).Select(g => $"{string.Join('、', g.Select(p => p.Name))}{g.Key}");
        return (all, $"{string.Join('；', said)}。");
    }
}
