using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Protection;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>Builds the tables of departments and of items.</summary>
internal static class SubjectTables
{
    private const int None = 0;

    public static IReadOnlyList<ReportDepartment> Departments(ScopedWeek week)
    {
        var now = week.Now.ByDepartment();
        var ids = now.Where(d => d.Value.Total > 0)
            .Select(d => d.Key)
            .OrderBy(id => id == None)
            .ThenBy(id => id)
            .ToList();
        var rows = week.Figures(ids, counts => counts.ByDepartment(), id => new(CellTable.Department, week.Place, id));
        return
        [
            .. rows.Select(row =>
            {
                var department = week.Directory.Departments.GetValueOrDefault(row.Key);
                return new ReportDepartment(
                    department?.Code,
                    department?.Name ?? "未归部门",
                    row.N,
                    row.Good,
                    row.Rate,
                    row.Low,
                    row.High,
                    row.FourWeeks
                );
            }),
        ];
    }

    public static IReadOnlyList<ReportItem> Items(ScopedWeek week)
    {
        var now = week.Now.ByItem();
        var ids = now.Where(i => i.Value.Total > 0)
            .OrderBy(i => i.Key == None)
            .ThenByDescending(i => i.Value.Total)
            .ThenBy(i => i.Key)
            .Select(i => i.Key)
            .ToList();
        var rows = week.Figures(ids, counts => counts.ByItem(), id => new(CellTable.Item, week.Place, id));
        return
        [
            .. rows.Select(row =>
            {
                var item = week.Directory.Item(row.Key);
                var department = item is null ? null : week.Directory.Departments.GetValueOrDefault(item.DepartmentId);
                return new ReportItem(
                    item?.Code,
                    item?.Name ?? "未关联事项",
                    department?.ShortName ?? "",
                    row.N,
                    row.Good,
                    row.Rate,
                    row.Low,
                    row.High,
                    row.FourWeeks
                );
            }),
        ];
    }
}
