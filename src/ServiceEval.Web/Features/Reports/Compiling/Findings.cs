using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Reports.Pages;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>存在问题 and 下步工作建议: templates, each tied to a figure of the report and spoken only where the figure says so.</summary>
internal static class Findings
{
    private const double HighAssistedShare = 0.2;
    private const double HighUnlinkedShare = 0.5;
    private const int NamesShown = 5;

    public static (IReadOnlyList<ReportSentence> Problems, IReadOnlyList<ReportSentence> Suggestions) Of(WeeklyReport report)
    {
        var found = All(report).ToList();
        if (found.Count == 0)
        {
            return (
                [new("本周数据中没有发现超出偶然波动的问题。", "comparison")],
                [new("保持现有做法，继续引导群众自愿评价；下周留意好评率区间和没有数据的窗口。", "interval")]);
        }
        return ([.. found.Select(f => new ReportSentence(f.Problem, f.Definition))], [.. found.Select(f => new ReportSentence(f.Suggestion, f.Definition))]);
    }

    private static IEnumerable<(string Problem, string Suggestion, string Definition)> All(WeeklyReport report)
    {
        if (report.N < report.MinimumN)
        {
            yield return ($"有效评价只有{report.N}条，不足{report.MinimumN}条，暂不计算好评率。",
                "检查评价码是否张贴在看得见的位置、能否扫开；引导群众自愿评价，不诱导、不代评。", "good-rate");
        }
        if ((report.Changes.LastWeek ?? report.Changes.FourWeeks) is { BeyondNoise: true, Difference: < 0 } fall)
        {
            yield return ($"好评率比{(report.Changes.LastWeek is null ? "前四周" : "上周")}下降{Comparisons.Points(fall.Difference)}，超出偶然波动。", Cause(fall), "comparison");
        }
        if (LowWindows.Of(report) is { Count: > 0 } low)
        {
            yield return ($"{low.Count}个窗口的好评率明显低于{(report.Halls.Count > 0 ? "全县" : "本大厅")}其余窗口：{List([.. low.Select(w => $"{Name(report, w)}（{ReportText.Percent(w.Rate)}，{w.N}条）")])}。",
                "逐个窗口查看差评原因和意见，区分人员、流程、设备和政策问题，一周内报告核实情况。", "low-window");
        }
        var more = report.Tags.Where(TagTable.IsMoreOfBad).ToList();
        if (more.Count > 0)
        {
            yield return ($"差评标签{List([.. more.Select(t => $"“{t.Text}”")])}比前期明显增多。",
                $"针对“{more[0].Text}”查明是个别窗口还是普遍情况，提出整改措施和完成时间。", "tag-share");
        }
        if (report.Quality.SilentDays is { Count: > 0 } days)
        {
            yield return ($"{ReportText.Days(days, d => $"（{ReportText.DayOfWeek(d)}）")}是工作日，却没有收到一条评价。",
                "查明当天是否停电、断网或系统停机；引用本周数据时注明缺了这一天。", "silent");
        }
        if (report.Quality.SilentWindows is { Count: > 0 } silent)
        {
            yield return ($"{silent.Count}个在用窗口没有收到一条评价。", "对没有数据的窗口逐一核实是否有业务、评价码是否完好，停用的窗口及时停用。", "silent");
        }
        if (report.Tiers.FirstOrDefault(t => t.Tier == Tier.Assisted) is { } assisted && (double)assisted.N / report.N > HighAssistedShare)
        {
            yield return ($"代录的评价占{ReportText.Percent((double)assisted.N / report.N)}，比例偏高。", "增加群众自己扫码评价的机会，减少代录。", "active");
        }
        if (report.Quality.Repeats is { N: > 0 } repeats)
        {
            yield return ($"疑似重复评价{repeats.N}条{Where(repeats)}。", "疑似重复只是线索，请大厅负责人了解是多人共用手机，还是有人代替群众评价；数据照常计入，不作删除。", "repeat");
        }
        if (report.N >= report.MinimumN && report.Items.FirstOrDefault(i => i.Code is null) is { } unlinked && (double)unlinked.N / report.N > HighUnlinkedShare)
        {
            yield return ($"未关联事项的评价占{ReportText.Percent((double)unlinked.N / report.N)}，分事项数据只反映一部分评价。", "在评价码旁提示可选择所办事项，综合窗口尤其需要。", "item");
        }
        if (report.Calendar.UnknownYears is { Count: > 0 } years)
        {
            yield return ($"没有{string.Join('、', years)}年的放假安排数据，比较时没有排除放假和调休。", "请管理员补充当年的节假日文件（seeds/calendar）。", "calendar");
        }
        if (report.Quality.Late > 0) yield return ($"有{report.Quality.Late}条评价在第1版编制之后才收到。", "查明迟到原因；引用数据时以最新一版为准。", "late");
    }

    private static string Cause(ReportComparison fall)
    {
        var main = Comparisons.Decisive(fall, fall.ByWindow) ?? Comparisons.Decisive(fall, fall.ByHall);
        var whom = main is null ? "，涉及的窗口较多，先查系统、流程、政策等共同的原因" : $"，先从{main.Name}查起";
        return Math.Abs(fall.ByWindow.Rate) >= Math.Abs(fall.ByWindow.Mix)
            ? $"下降主要来自窗口自身的好评率{whom}。"
            : $"下降主要来自评价量的构成变化{whom}，不宜据此批评窗口。";
    }

    private static string Where(ReportRepeats repeats) => repeats.Windows.MaxBy(w => w.N) switch
    {
        null => "",
        var most when most.N == repeats.N => $"，都在{most.Hall}{most.Number}号窗口",
        var most => $"，最多的是{most.Hall}{most.Number}号窗口，{most.N}条",
    };

    private static string Name(WeeklyReport report, ReportWindow window) =>
        report.Halls.FirstOrDefault(h => h.Code == window.Hall) is { } hall ? $"{hall.Name}{window.Number}号" : $"{window.Number}号{window.Name}";

    private static string List(IReadOnlyList<string> names) =>
        names.Count <= NamesShown ? string.Join('、', names) : $"{string.Join('、', names.Take(NamesShown))}等{names.Count}个";
}
