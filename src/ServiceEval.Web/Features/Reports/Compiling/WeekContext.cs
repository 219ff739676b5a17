using ServiceEval.Data;
using ServiceEval.Data.Ratings;
using Microsoft.EntityFrameworkCore;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>What a week's reports need beside its rows. It costs more than these, so that it is read only where a report is due.</summary>
/// <param name="Before">The four weeks before, newest first.</param>
/// <param name="HasEarlier">Whether anything was ever rated before the week.</param>
public sealed record WeekContext(IReadOnlyList<WeekCounts> Before, bool HasEarlier, WeekEntries Entries)
{
    public const int WeeksBefore = 4;

    /// <summary>The weeks before those, newest first, as far as the line of weeks reaches.</summary>
    public IReadOnlyList<OlderWeek> Older { get; init; } = [];

    /// <summary>The JSON of the week before's newest reports by scope: their measures are looked back on.</summary>
    public IReadOnlyDictionary<string, string> LastReports { get; init; } = new Dictionary<string, string>();

    /// <summary>Call it within the snapshot of the week's rows.</summary>
    public static async Task<WeekContext> ReadAsync(ServiceEvalDb db, IsoWeek week, CancellationToken ct)
    {
        var before = new List<WeekCounts>();
        foreach (var earlier in week.Previous.Backwards().Take(WeeksBefore)) before.Add(await WeekCounts.ReadAsync(db, earlier, ct));
        var older = new List<OlderWeek>();
        foreach (var earlier in week.Previous.Backwards().Skip(WeeksBefore).Take(Trend.Weeks - 1 - WeeksBefore)) older.Add(await OlderWeek.ReadAsync(db, earlier, ct));
        var monday = week.Monday;
        return new(before, await db.TalliesByHour.AnyAsync(t => t.LocalDate < monday, ct), await WeekEntries.ReadAsync(db, week, ct))
        {
            Older = older, LastReports = await LastReportsAsync(db, week.Previous.ToString(), ct),
        };
    }

    private static async Task<Dictionary<string, string>> LastReportsAsync(ServiceEvalDb db, string week, CancellationToken ct)
    {
        var rows = await db.Reports.AsNoTracking().Where(r => r.Week == week).OrderBy(r => r.Version).Select(r => new { r.Scope, r.Json }).ToListAsync(ct);
        return rows.GroupBy(r => r.Scope, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last().Json, StringComparer.Ordinal);
    }
}
