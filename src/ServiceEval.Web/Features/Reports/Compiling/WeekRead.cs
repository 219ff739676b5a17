using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Exchange;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>The data of a week that is read within one snapshot.</summary>
public sealed record WeekRead(
    WeekRows Rows,
    IReadOnlyDictionary<string, NewestReport> Newest,
    ISet<(string Scope, int Version)> Versions,
    WeekContext? Context,
    bool IsImporting
)
{
    /// <param name="regions">The codes of the scopes.</param>
    /// <param name="context">Whether to read the context, which costs more than the rows.</param>
    public static async Task<WeekRead> ReadAsync(
        ServiceEvalDb db,
        IsoWeek week,
        bool context,
        RegionTree regions,
        TimeProvider time,
        CancellationToken ct
    )
    {
        var name = week.ToString();
        var rows = await WeekRows.ReadAsync(db, week, ct);
        var reports = await db
            .Reports.Where(r => r.Week == name)
            .OrderBy(r => r.Version)
            .Select(r => new NewestReport(r.Scope, r.Week, r.Version, r.DataHash, r.CompiledAt))
            .ToListAsync(ct);
        var newest = reports.GroupBy(r => regions.CodeOf(r.Scope)).ToDictionary(g => g.Key, g => g.Last());
        var isImporting = await RunningImport.Alive(db.RunningImports, time.GetUtcNow()).AnyAsync(ct);
        return new(
            rows,
            newest,
            reports.Select(r => (r.Scope, r.Version)).ToHashSet(),
            context && !isImporting ? await WeekContext.ReadAsync(db, week, regions, ct) : null,
            isImporting
        );
    }
}
