using ServiceEval.Data.Tallies;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>Departments and items.</summary>
internal static class SubjectTables
{
    private const int None = 0;

    public static IReadOnlyList<ReportDepartment> Departments(ScopedWeek week)
    {
        var now = week.Now.ByDepartment();
        var ids = now.Where(d => d.Value.Total > 0).Select(d => d.Key).OrderBy(id => id == None).ThenBy(id => id).ToList();
        var rows = week.Figures(ids, counts => counts.ByDepartment(), Hidden(week, ids, now));
        return [.. rows.Select(row =>
        {
            var department = week.Directory.Departments.GetValueOrDefault(row.Key);
            return new ReportDepartment(department?.Code, department?.Name ?? "未归部门", row.N, row.Good, row.Rate, row.Low, row.High, row.FourWeeks);
        })];
    }

    public static IReadOnlyList<ReportItem> Items(ScopedWeek week)
    {
        var now = week.Now.ByItem();
        var ids = now.Where(i => i.Value.Total > 0).OrderBy(i => i.Key == None).ThenByDescending(i => i.Value.Total).ThenBy(i => i.Key).Select(i => i.Key).ToList();
        var rows = week.Figures(ids, counts => counts.ByItem(), HiddenItems(week, now));
        return [.. rows.Select(row =>
        {
            var item = week.Directory.Item(row.Key);
            var department = item is null ? null : week.Directory.Departments.GetValueOrDefault(item.DepartmentId);
            return new ReportItem(item?.Code, item?.Name ?? "未关联事项", department?.ShortName ?? "", row.N, row.Good, row.Rate, row.Low, row.High, row.FourWeeks);
        })];
    }

    public static HashSet<int> HiddenItems(ScopedWeek week, Dictionary<int, GradeCounts> counts) =>
        Suppression.HiddenKeys(counts.Keys, _ => 0, id => counts[id].Total, week.Cohort);

    /// <summary>
    /// Also those of whose own windows a few ratings are hidden: the department less its windows that are shown would tell
    /// their grades.
    /// </summary>
    private static HashSet<int> Hidden(ScopedWeek week, List<int> ids, Dictionary<int, GradeCounts> now)
    {
        var hiddenWindows = PlaceTables.HiddenWindows(week.Scope, week.Now.ByWindow(), week.Cohort);
        var hiddenN = week.Now.Windows.Where(w => hiddenWindows.Contains(w.WindowId)).GroupBy(w => w.DepartmentId).ToDictionary(g => g.Key, g => g.Sum(w => w.Counts.Total));
        var telling = ids.Where(id => hiddenN.TryGetValue(id, out var n) && n < week.Cohort).ToHashSet();
        // A telling department counts as small whatever its size, so that the total can't be used either.
        var hidden = Suppression.HiddenKeys(ids, _ => 0, id => telling.Contains(id) ? Math.Min(now[id].Total, week.Cohort - 1) : now[id].Total, week.Cohort);
        return hidden;
    }
}
