using ServiceEval.Core.Statistics;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Wording;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>A row of one of the report's tables that has its own rate.</summary>
/// <param name="Code">The same code as in <see cref="ReportSubject"/>.</param>
internal sealed record LevelRow(string Code, string Name, int N, int Good, double Rate, double Low, double High)
{
    public Proportion Proportion => new(Good, N);
}

/// <summary>
/// The levels at which a report compares rows with each other. A row with hidden figures is in no level.
/// </summary>
internal static class Levels
{
    public static readonly IReadOnlyList<FindingLevel> All =
    [
        FindingLevel.Hall,
        FindingLevel.Department,
        FindingLevel.Window,
        FindingLevel.Item,
    ];

    /// <summary>Returns the rows of a level, in the report's order.</summary>
    public static IReadOnlyList<LevelRow> Of(WeeklyReport report, FindingLevel level)
    {
        var names = report.Halls.Select(h => h.Name).ToList();
        var halls = report.Halls.ToDictionary(h => h.Code, h => HallNames.Shorten(h.Name, names));
        IEnumerable<LevelRow?> rows = level switch
        {
            FindingLevel.Hall => report.Halls.Select(h =>
                Row(h.Code, halls[h.Code], h.N, h.Good, h.Rate, h.Low, h.High)
            ),
            FindingLevel.Department => report
                .Departments.Where(d => d.Code is not null)
                .Select(d => Row(d.Code!, d.Name, d.N, d.Good, d.Rate, d.Low, d.High)),
            FindingLevel.Window => report.Windows.Select(w =>
                Row(CodeOf(w), NameOf(w, halls), w.N, w.Good, w.Rate, w.Low, w.High)
            ),
            FindingLevel.Item => report
                .Items.Where(i => i.Code is not null)
                .Select(i => Row(i.Code!, i.Name, i.N, i.Good, i.Rate, i.Low, i.High)),
            _ => [],
        };
        return [.. rows.OfType<LevelRow>()];
    }

    /// <summary>Returns the number of ratings of one row, even if its rate is not in the report.</summary>
    public static int RatingsOf(WeeklyReport report, FindingLevel level, string code) =>
        level switch
        {
            FindingLevel.Hall => report.Halls.Where(h => h.Code == code).Sum(h => h.N),
            FindingLevel.Department => report.Departments.Where(d => d.Code == code).Sum(d => d.N),
            FindingLevel.Window => report.Windows.Where(w => CodeOf(w) == code).Sum(w => w.N),
            FindingLevel.Item => report.Items.Where(i => i.Code == code).Sum(i => i.N),
            _ => 0,
        };

    public static string CodeOf(ReportWindow window) => $"{window.Hall}/{window.Number}";

    /// <summary>
    /// Returns the window's number, which is unique in its hall. If the report has several halls, the hall's name comes
    /// first.
    /// </summary>
    private static string NameOf(ReportWindow window, Dictionary<string, string> halls) =>
        $"{halls.GetValueOrDefault(window.Hall)}{ReportText.Window(window.Number)}窗口";

    private static LevelRow? Row(string code, string name, int n, int? good, double? rate, double? low, double? high) =>
        (good, rate, low, high) is ({ } g, { } r, { } l, { } h) ? new(code, name, n, g, r, l, h) : null;
}
