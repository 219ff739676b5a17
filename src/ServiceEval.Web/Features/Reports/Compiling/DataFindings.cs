using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;
using ServiceEval.Web.Features.Reports.Wording;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>
/// Findings about bad data. Each finding is based on a figure of the report and appears only if the figure gives a
/// reason for it.
/// </summary>
internal sealed class DataFindings(ScopedWeek week, WeeklyReport report)
{
    private const double HighAssistedShare = 0.2;
    private const double HighUnlinkedShare = 0.5;

    private readonly Responsible _responsible = new(week);

    public IEnumerable<ReportFinding> Problems()
    {
        if (report.Quality.SilentDays is { Count: > 0 } days)
        {
            yield return Problem(
                Finds.SilentDays,
                $"{ReportText.Days(days, d => $"（{ReportText.DayOfWeek(d)}）")}是工作日，却没有收到一条评价。",
                "silent",
                "查明当天是否停电、断网或系统停机；引用本周数据时注明缺了这一天。",
                Responsible.Administrator
            );
        }
        if (Silent() is { Count: > 0 } silent)
        {
            yield return Problem(
                Finds.SilentWindows,
                $"{silent.Count}个在用窗口没有收到一条评价：{FindingText.List(silent.ConvertAll(s => s.Name), "“数据质量”")}。",
                "silent",
                "逐一核实有没有业务、评价码是否完好，停用的窗口及时停用。",
                [.. report.Quality.SilentWindows.Select(w => _responsible.Hall(w.Hall)).Distinct()]
            ) with
            {
                Subjects = silent,
            };
        }
        if (report.Quality.Repeats is { N: > 0 } repeats)
        {
            yield return Problem(
                Finds.Repeats,
                $"疑似重复评价{repeats.N}条{Where(repeats)}。",
                "repeat",
                "疑似重复只是线索，了解是多人共用手机，还是有人代替群众评价；数据照常计入，不作删除。",
                [.. repeats.Windows.Select(w => _responsible.Hall(w.Hall)).Distinct()]
            );
        }
        if (
            report.N > 0
            && report.Tiers.FirstOrDefault(t => t.Tier == Tier.Assisted) is { } assisted
            && (double)assisted.N / report.N > HighAssistedShare
        )
        {
            yield return Problem(
                Finds.Assisted,
                $"代录的评价占{Share(assisted.N)}，比例偏高。",
                "active",
                "增加群众自己扫码评价的机会，减少代录。",
                _responsible.Office
            );
        }
        if (
            report.N >= report.MinimumN
            && report.Items.FirstOrDefault(i => i.Code is null) is { } unlinked
            && (double)unlinked.N / report.N > HighUnlinkedShare
        )
        {
            yield return Problem(
                Finds.Unlinked,
                $"未关联事项的评价占{Share(unlinked.N)}，分事项数据只反映一部分评价。",
                "item",
                "在评价码旁提示可选择所办事项，综合窗口尤其需要。",
                _responsible.Office
            );
        }
        if (report.Calendar.UnknownYears is { Count: > 0 } years)
        {
            yield return Problem(
                Finds.Calendar,
                $"没有{string.Join('、', years)}年的放假安排数据，比较时没有排除放假和调休。",
                "calendar",
                "补充当年的节假日文件（seeds/calendar）。",
                Responsible.Administrator
            );
        }
        if (report.Quality.Late > 0)
            yield return Problem(
                Finds.Late,
                $"有{report.Quality.Late}条评价在第1版编制之后才收到。",
                "late",
                "查明迟到原因；引用数据时以最新一版为准。",
                Responsible.Administrator
            );
    }

    private List<ReportSubject> Silent()
    {
        // Two halls may have the same name.
        var codes = week
            .Scope.Halls.GroupBy(h => h.Name, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.First().Code, StringComparer.Ordinal);
        return
        [
            .. report.Quality.SilentWindows.Select(w => new ReportSubject(
                FindingLevel.Window,
                $"{codes[w.Hall]}/{w.Number}",
                $"{(week.Scope.IsRegion ? _responsible.Hall(w.Hall) : "")}{ReportText.Window(w.Number)}窗口",
                0,
                null,
                null,
                null,
                null
            )),
        ];
    }

    private string Share(int n) => ReportText.Percent((double)n / report.N);

    private ReportFinding Problem(
        string kind,
        string text,
        string definition,
        string measure,
        params IReadOnlyList<string> who
    ) => new(kind, FindingLevel.Data, text, definition, [], Measures.Of(week, measure, who, Deadlines.Short));

    private string Where(ReportRepeats repeats) =>
        repeats.Windows.MaxBy(w => w.N) switch
        {
            null => "",
            var most when most.N == repeats.N =>
                $"，都在{_responsible.Hall(most.Hall)}{ReportText.Window(most.Number)}窗口",
            var most => $"，最多的是{_responsible.Hall(most.Hall)}{ReportText.Window(most.Number)}窗口，{most.N}条",
        };
}
