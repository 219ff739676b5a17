using ServiceEval.Core.Places;
using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>谁办理、谁负责: finds who must act on a finding.</summary>
internal sealed class Responsible(ScopedWeek week)
{
    /// <summary>The office that reads the report. The directory has no name for it.</summary>
    public string Office => week.Scope.IsRegion ? "政务服务管理部门" : Hall(week.Scope.Halls[0].Name);

    public const string Administrator = "系统管理员";

    /// <summary>
    /// Returns a window's department, or its hall if it has no department. For an item, returns the item's department.
    /// </summary>
    public string Of(FindingLevel level, string code) =>
        level switch
        {
            FindingLevel.Hall => Hall(week.Scope.Halls.First(h => h.Code == code).Name),
            FindingLevel.Window => OfWindow(code),
            FindingLevel.Department => week.Directory.Departments.Values.First(d => d.Code == code).Name,
            FindingLevel.Item => Department(week.Directory.Item(code)?.DepartmentId)?.Name ?? Office,
            _ => Office,
        };

    /// <param name="name">The full name of one of the scope's halls.</param>
    public string Hall(string name) => week.Scope.NameOf(name);

    private string OfWindow(string code)
    {
        var window = week.Scope.Windows.First(w => $"{w.Hall.Code}/{w.Number}" == code);
        return Department(window.Window.DepartmentId) is { } department ? department.Name : Hall(window.Hall.Name);
    }

    private Department? Department(int? id) =>
        id is { } known ? week.Directory.Departments.GetValueOrDefault(known) : null;
}
