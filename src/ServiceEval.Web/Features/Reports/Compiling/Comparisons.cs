using System.Globalization;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Places;
using ServiceEval.Core.Statistics;
using ServiceEval.Core.Tallies;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;
using ServiceEval.Web.Features.Reports.Protection;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>
/// Compares the week with last week and with the four weeks before, or says why there is no comparison.
/// </summary>
internal static class Comparisons
{
    private const string Rest = "不单列的合计";

    public static (ReportChanges Changes, IReadOnlyList<WeekCounts> Baseline) Of(ScopedWeek week, bool isProvisional)
    {
        if (WhyNothing(week, isProvisional) is { } reason)
            return (new(null, reason, null, reason), []);

        var last = week.Before[0];
        var whyNotLast = WhyNot(week, last);
        var regular = week
            .Before.Where(w =>
                week.Calendar(w.Week) is { Off: [], Worked: [] } && w.Total.Total > 0 && ShowsTotal(week, w)
            )
            .Reverse()
            .ToList();
        var whyNotFour =
            regular.Count == 0 ? "前四周没有可比的平常周，不作比较。"
            : regular.Sum(w => w.Total.Total) < week.MinimumN ? $"前四周可比的有效评价不足{week.MinimumN}条，不作比较。"
            : null;
        var changes = new ReportChanges(
            whyNotLast is null ? Compare(week, [last]) : null,
            whyNotLast,
            whyNotFour is null ? Compare(week, regular) : null,
            whyNotFour
        );
        return (
            changes,
            whyNotFour is null ? regular
            : whyNotLast is null ? [last]
            : []
        );
    }

    private static string? WhyNothing(ScopedWeek week, bool isProvisional)
    {
        if (isProvisional)
            return "本周尚未结束，暂不比较。";
        if (!week.HasEarlier)
            return "这是第一期周报，没有可比的以前各周。";
        if (Irregular(week.Calendar(week.Rows.Week)) is { } what)
            return $"本周{what}，与平常周不可比，不作比较。";
        if (week.Total.Total < week.MinimumN)
            return $"本周有效评价不足{week.MinimumN}条，不作比较。";
        return week.ShowsTotal ? null : "本周好评率为保护评价人没有公布，不作比较。";
    }

    private static string? WhyNot(ScopedWeek week, WeekCounts last)
    {
        if (Irregular(week.Calendar(last.Week)) is { } what)
            return $"上周{what}，与本周不可比，不作比较。";
        return last.Total.Total switch
        {
            0 => "上周没有有效评价，无从比较。",
            var n when n < week.MinimumN => $"上周有效评价不足{week.MinimumN}条，不作比较。",
            _ when week.ShownIn(last) == ShownCells.Nothing => "上周没有可用的周报，不作比较。",
            _ => ShowsTotal(week, last)
                ? null
                : "上周好评率为保护评价人没有公布，或者编制以后又收到少量评价，不作比较。",
        };
    }

    private static bool ShowsTotal(ScopedWeek week, WeekCounts before) =>
        week.ShownIn(before).Has(Cell.Total(week.Place), before.Total.Total);

    /// <summary>
    /// Returns what distinguishes a week from an ordinary week. Returns null for an ordinary week, and for a week in a
    /// year without calendar data.
    /// </summary>
    private static string? Irregular(WeekDays days)
    {
        var parts = new List<string>();
        if (days.Off.Count > 0)
            parts.Add($"{string.Join('、', days.Off.Select(d => d.Name).Distinct())}放假{days.Off.Count}天");
        if (days.Worked.Count > 0)
            parts.Add($"周末调休上班{days.Worked.Count}天");
        return parts.Count == 0 ? null : string.Join('、', parts);
    }

    private static ReportComparison Compare(ScopedWeek week, IReadOnlyList<WeekCounts> baseline)
    {
        var before = baseline.Aggregate(default(GradeCounts), (sum, w) => sum + w.Total);
        var (then, now) = (Proportion(before), Proportion(week.Total));
        var test = TwoProportions.Compare(then, now);
        return new(
            [.. baseline.Select(w => w.Week.ToString())],
            then.N,
            then.Good,
            then.Rate,
            test.Difference,
            test.Low,
            test.High,
            test.P,
            test.IsBeyondNoise,
            ByWindow(week, baseline),
            ByItem(week, baseline),
            week.Scope.IsRegion ? ByHall(week, baseline) : null
        );
    }

    private static ReportSplit ByHall(ScopedWeek week, IReadOnlyList<WeekCounts> baseline)
    {
        Dictionary<int, GradeCounts> Halls(WeekCounts counts) => PlaceTables.ByHall(week.Directory, counts);
        var (before, now) = (Together(baseline, Halls), Halls(week.Now));
        var hidden = Hidden(week, baseline, Halls, id => Cell.Total(PlaceScope.Hall(id)));
        var names = week.Directory.Halls.ToDictionary(h => h.Id, h => week.Scope.NameOf(h.Name));
        return Split(before, now, hidden, id => names.GetValueOrDefault(id, Rest));
    }

    private static ReportSplit ByWindow(ScopedWeek week, IReadOnlyList<WeekCounts> baseline)
    {
        var (before, now) = (Together(baseline, w => w.ByWindow()), week.Now.ByWindow());
        var hidden = Hidden(week, baseline, w => w.ByWindow(), Cell.Window);
        var names = week.Scope.Windows.ToDictionary(w => w.Id, w => PlaceTables.NameOf(week.Scope, w));
        return Split(before, now, hidden, id => names.GetValueOrDefault(id, Rest));
    }

    private static ReportSplit ByItem(ScopedWeek week, IReadOnlyList<WeekCounts> baseline)
    {
        var (before, now) = (Together(baseline, w => w.ByItem()), week.Now.ByItem());
        var hidden = Hidden(week, baseline, w => w.ByItem(), id => new(CellTable.Item, week.Place, id));
        return Split(before, now, hidden, id => week.Directory.Item(id)?.Name ?? "未关联事项");
    }

    /// <summary>
    /// Returns the keys that the week or any single week of the baseline hides. Each week counts, because the other
    /// weeks of the baseline are known from their own reports.
    /// </summary>
    private static HashSet<int> Hidden(
        ScopedWeek week,
        IReadOnlyList<WeekCounts> baseline,
        Func<WeekCounts, Dictionary<int, GradeCounts>> by,
        Func<int, Cell> cell
    )
    {
        var (now, before) = (by(week.Now), baseline.Select(w => (Shown: week.ShownIn(w), Counts: by(w))).ToList());
        return
        [
            .. before
                .SelectMany(w => w.Counts.Keys)
                .Union(now.Keys)
                .Where(key =>
                    !week.Shown.Has(cell(key), now.GetValueOrDefault(key).Total)
                    || before.Any(w => !w.Shown.Has(cell(key), w.Counts.GetValueOrDefault(key).Total))
                ),
        ];
    }

    /// <summary>
    /// Decomposes the change. The two parts and the counts of a cell disclose its grades, so hidden cells are combined
    /// in one cell.
    /// </summary>
    private static ReportSplit Split(
        Dictionary<int, GradeCounts> before,
        Dictionary<int, GradeCounts> now,
        HashSet<int> hidden,
        Func<int, string> name
    )
    {
        var keys = before
            .Keys.Union(now.Keys)
            .Where(key => before.GetValueOrDefault(key).Total + now.GetValueOrDefault(key).Total > 0)
            .Order()
            .ToList();
        var cells = keys.Where(key => !hidden.Contains(key))
            .Select(key =>
                (
                    Key: name(key),
                    Before: Proportion(before.GetValueOrDefault(key)),
                    Now: Proportion(now.GetValueOrDefault(key))
                )
            )
            .ToList();
        var small = keys.Where(hidden.Contains).ToList();
        if (small.Count > 0)
        {
            cells.Add(
                (
                    Rest,
                    small.Aggregate(default(Proportion), (sum, key) => sum + Proportion(before.GetValueOrDefault(key))),
                    small.Aggregate(default(Proportion), (sum, key) => sum + Proportion(now.GetValueOrDefault(key)))
                )
            );
        }
        var split = Kitagawa.Decompose(cells);
        return new(
            split.Mix,
            split.Rate,
            [
                .. split
                    .Cells.OrderBy(c => c.Key == Rest)
                    .Select(c => new ReportCell(c.Key, c.Before.N, c.Now.N, c.Mix, c.Rate)),
            ]
        );
    }

    private static Dictionary<int, GradeCounts> Together(
        IReadOnlyList<WeekCounts> weeks,
        Func<WeekCounts, Dictionary<int, GradeCounts>> by
    ) =>
        weeks
            .SelectMany(by)
            .GroupBy(p => p.Key)
            .ToDictionary(g => g.Key, g => g.Aggregate(default(GradeCounts), (sum, p) => sum + p.Value));

    private static Proportion Proportion(GradeCounts counts) => new(counts.Good, counts.Total);

    /// <summary>Returns one sentence for the summary.</summary>
    public static string Sentence(ReportChanges changes)
    {
        var (comparison, with) = changes.LastWeek is { } last ? (last, "上周") : (changes.FourWeeks, "前四周");
        if (comparison is null)
            return changes.WhyNotLastWeek == changes.WhyNotFourWeeks
                ? changes.WhyNotLastWeek!
                : $"{changes.WhyNotLastWeek}{changes.WhyNotFourWeeks}";
        if (!comparison.BeyondNoise)
            return $"好评率与{with}基本持平，变化属正常波动。";
        var why =
            Math.Abs(comparison.ByWindow.Rate) >= Math.Abs(comparison.ByWindow.Mix)
                ? "主要是各窗口自身的好评率变了，不是评价量的构成变了"
                : "主要是评价量的构成变了，各窗口自身的好评率变化不大";
        return $"与{with}相比，好评率{(comparison.Difference < 0 ? "下降" : "上升")}{Points(comparison.Difference)}，超出正常波动，{why}。";
    }

    /// <summary>
    /// Returns the cell that makes at least a third of the difference. Returns null if no cell does, because one of
    /// many cells is not the cause.
    /// </summary>
    public static ReportCell? Decisive(ReportComparison comparison, ReportSplit? split) =>
        split
            ?.Cells.Where(c => c.Name != Rest && (c.Mix + c.Rate) / comparison.Difference >= 1 / 3.0)
            .MaxBy(c => Math.Abs(c.Mix + c.Rate));

    /// <summary>Formats a difference of two rates without its sign: 1.2个百分点.</summary>
    public static string Points(double difference)
    {
        var rounded = Math.Round(Math.Abs(difference) * 100, 1, MidpointRounding.AwayFromZero);
        return rounded == 0 ? "不到0.1个百分点" : string.Create(CultureInfo.InvariantCulture, $"{rounded:0.0}个百分点");
    }
}
