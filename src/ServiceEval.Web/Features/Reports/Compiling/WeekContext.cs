using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Reports;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>
/// The data that a week's reports need in addition to its rows. The context costs more than the rows, so it is read
/// only if a report is due.
/// </summary>
/// <param name="Before">The four weeks before, newest first.</param>
/// <param name="HasEarlier">Whether any rating was given before the week.</param>
public sealed record WeekContext(IReadOnlyList<WeekCounts> Before, bool HasEarlier, WeekEntries Entries)
{
    public const int WeeksBefore = 4;

    /// <summary>The week's frozen reports, every version of every scope. A damaged report is missing.</summary>
    public IReadOnlyList<WeeklyReport> Versions { get; init; } = [];

    /// <summary>
    /// Whether a frozen report of the week cannot be read. It is then unknown which figures it has published.
    /// </summary>
    public bool HasDamagedVersion { get; init; }

    /// <summary>The newest reports of <see cref="Before"/>, by scope and week. A damaged report is missing.</summary>
    public IReadOnlyDictionary<(string Scope, string Week), WeeklyReport> Frozen { get; init; } =
        new Dictionary<(string, string), WeeklyReport>();

    /// <summary>The list lines of the newest reports of all weeks in the trend of weeks.</summary>
    public IReadOnlyDictionary<(string Scope, string Week), ReportLine> Lines { get; init; } =
        new Dictionary<(string, string), ReportLine>();

    /// <summary>
    /// The JSON of the newest reports of the week before, by scope. The new reports judge their measures.
    /// </summary>
    public IReadOnlyDictionary<string, string> LastReports { get; init; } = new Dictionary<string, string>();

    /// <summary>Returns the weeks before a week, oldest first. A week without a report has no figures.</summary>
    public IReadOnlyList<ReportWeek> LineOf(string scope, IsoWeek week) =>
        [
            .. week
                .Previous.Backwards()
                .Take(Trend.Weeks - 1)
                .Select(w => w.ToString())
                .Reverse()
                .Select(name =>
                    Lines.TryGetValue((scope, name), out var line)
                        ? new ReportWeek(name, line.N, line.Rate, line.Low, line.High)
                        : new ReportWeek(name, null, null, null, null)
                ),
        ];

    /// <summary>Reads the context. Call this method within the snapshot of the week's rows.</summary>
    /// <param name="regions">The codes of the scopes.</param>
    public static async Task<WeekContext> ReadAsync(
        ServiceEvalDb db,
        IsoWeek week,
        RegionTree regions,
        CancellationToken ct
    )
    {
        var before = new List<WeekCounts>();
        foreach (var earlier in week.Previous.Backwards().Take(WeeksBefore))
            before.Add(await WeekCounts.ReadAsync(db, earlier, ct));
        var monday = week.Monday;
        var versions = await VersionsAsync(db, week.ToString(), ct);
        var (frozen, last) = await FrozenAsync(db, week, regions, ct);
        return new(
            before,
            await db.TalliesByHour.AnyAsync(t => t.LocalDate < monday, ct),
            await WeekEntries.ReadAsync(db, week, ct)
        )
        {
            Versions = [.. versions.OfType<WeeklyReport>()],
            HasDamagedVersion = versions.Contains(null),
            Frozen = frozen,
            LastReports = last,
            Lines = await LinesAsync(db, week, regions, ct),
        };
    }

    /// <returns>Null for each damaged report.</returns>
    private static async Task<List<WeeklyReport?>> VersionsAsync(ServiceEvalDb db, string week, CancellationToken ct)
    {
        var reports = db.Reports.AsNoTracking().Where(r => r.Week == week).OrderBy(r => r.Scope).ThenBy(r => r.Version);
        return [.. (await reports.Select(r => r.Json).ToListAsync(ct)).Select(Parse)];
    }

    private static async Task<(
        Dictionary<(string, string), WeeklyReport> Frozen,
        Dictionary<string, string> Last
    )> FrozenAsync(ServiceEvalDb db, IsoWeek week, RegionTree regions, CancellationToken ct)
    {
        List<string> names = [.. week.Previous.Backwards().Take(WeeksBefore).Select(w => w.ToString())];
        var reports = await Newest(db, names)
            .Select(r => new
            {
                r.Scope,
                r.Week,
                r.Json,
            })
            .ToListAsync(ct);
        var newest = new Dictionary<(string Scope, string Week), string>();
        foreach (var r in reports)
            newest[(regions.CodeOf(r.Scope), r.Week)] = r.Json;
        var frozen = new Dictionary<(string, string), WeeklyReport>();
        foreach (var (key, json) in newest)
        {
            if (Parse(json) is { } report)
                frozen.Add(key, report);
        }
        var last = week.Previous.ToString();
        return (
            frozen,
            newest.Where(r => r.Key.Week == last).ToDictionary(r => r.Key.Scope, r => r.Value, StringComparer.Ordinal)
        );
    }

    private static async Task<Dictionary<(string, string), ReportLine>> LinesAsync(
        ServiceEvalDb db,
        IsoWeek week,
        RegionTree regions,
        CancellationToken ct
    )
    {
        List<string> names = [.. week.Previous.Backwards().Take(Trend.Weeks - 1).Select(w => w.ToString())];
        var reports = await Newest(db, names)
            .Select(r => new
            {
                r.Scope,
                r.Week,
                r.Version,
                r.CompiledAt,
                r.ContentHash,
                Start = r.Json.Substring(0, ReportLine.StartLength),
            })
            .ToListAsync(ct);
        var lines = new Dictionary<(string, string), ReportLine>();
        foreach (var r in reports)
        {
            if (ReportLine.TryOf(new(r.Scope, r.Week, r.Version), r.CompiledAt, r.ContentHash, r.Start) is { } line)
                lines[(regions.CodeOf(r.Scope), r.Week)] = line;
        }
        return lines;
    }

    private static IQueryable<Report> Newest(ServiceEvalDb db, List<string> weeks) =>
        db
            .Reports.AsNoTracking()
            .Where(r =>
                weeks.Contains(r.Week)
                && !db.Reports.Any(later => later.Scope == r.Scope && later.Week == r.Week && later.Version > r.Version)
            )
            // The root's reports can have two scopes. Its newest version comes last.
            .OrderBy(r => r.Version);

    /// <summary>
    /// Returns null if the row is damaged, so that the other reports can be compiled. `doctor` names the damaged
    /// report.
    /// </summary>
    private static WeeklyReport? Parse(string json)
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
}
