using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>
/// Finds the bad tag that was given most often at a place. Only the tag's text is published. A cohort must have given
/// the tag at the place, and a cohort or no one elsewhere. The report's own tag table must show it. Items have no
/// reason, because tags are counted by window.
/// </summary>
internal sealed class Reasons(ScopedWeek week, WeeklyReport report)
{
    private readonly Dictionary<string, ReportTag> _shown = report
        .Tags.Where(t => t.Grade.IsBad() && t.N is not null)
        .ToDictionary(t => t.Code, StringComparer.Ordinal);

    private readonly ILookup<int, int> _windowsOf = week.Scope.Windows.ToLookup(w => w.Hall.Id, w => w.Id);

    public string? Of(FindingLevel level, string code) =>
        level switch
        {
            FindingLevel.Hall => week.Scope.Halls.FirstOrDefault(h => h.Code == code) is { } hall
                ? At([.. _windowsOf[hall.Id]])
                : null,
            FindingLevel.Window => At([
                .. week.Scope.Windows.Where(w => $"{w.Hall.Code}/{w.Number}" == code).Select(w => w.Id),
            ]),
            FindingLevel.Department => At([
                .. week.Scope.Windows.Where(w => DepartmentOf(w.Window.DepartmentId) == code).Select(w => w.Id),
            ]),
            _ => null,
        };

    /// <summary>Returns the hall where a tag was given most often, by the same rule.</summary>
    public string? HallOf(string tag)
    {
        var hallOf = week.Scope.Windows.ToDictionary(w => w.Id, w => w.Hall.Name);
        var byHall = week
            .Now.Tags.Where(t => t.TagCode == tag)
            .GroupBy(t => hallOf[t.WindowId])
            .Select(g => (Hall: g.Key, N: g.Sum(t => t.Count)));
        return byHall
            .Where(h => IsSayable(tag, h.N))
            .OrderByDescending(h => h.N)
            .ThenBy(h => h.Hall, StringComparer.Ordinal)
            .Select(h => h.Hall)
            .FirstOrDefault();
    }

    private string? At(HashSet<int> windows)
    {
        var given = week
            .Now.Tags.Where(t => windows.Contains(t.WindowId) && _shown.ContainsKey(t.TagCode))
            .GroupBy(t => t.TagCode, StringComparer.Ordinal)
            .Select(g => (Code: g.Key, N: g.Sum(t => t.Count)))
            .OrderByDescending(t => t.N)
            .ThenBy(t => t.Code, StringComparer.Ordinal)
            .FirstOrDefault();
        return given.Code is not null && IsSayable(given.Code, given.N) ? _shown[given.Code].Text : null;
    }

    private bool IsSayable(string tag, int n) =>
        n >= week.Cohort
        && _shown.TryGetValue(tag, out var all)
        && all.N is { } total
        && (total == n || total - n >= week.Cohort);

    private string? DepartmentOf(int? id) =>
        id is { } known ? week.Directory.Departments.GetValueOrDefault(known)?.Code : null;
}
