using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Exchange;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Features.Reports.Compiling;

namespace ServiceEval.Web.Features.Reports;

/// <summary>A week as one snapshot saw it, grouped by scope.</summary>
/// <param name="ByScope">The rows of each requested scope.</param>
/// <param name="Hashes">The hashes of these rows.</param>
/// <param name="Newest">The newest report of each scope that has a report of the week.</param>
/// <param name="DueScopes">The scopes that have no report of these rows.</param>
/// <param name="Context">Null if no report was due, or if no report may be compiled.</param>
/// <param name="IsImporting">True if reports are due but history is still being imported.</param>
public sealed record WeekState(
    WeekRows Rows,
    IReadOnlyDictionary<string, WeekRows> ByScope,
    IReadOnlyDictionary<string, byte[]> Hashes,
    IReadOnlyDictionary<string, NewestReport> Newest,
    IReadOnlySet<string> DueScopes,
    WeekContext? Context,
    bool IsImporting
)
{
    public IsoWeek Week => Rows.Week;

    /// <param name="settled">The hashes of rows that were checked and need no report, by scope and week.</param>
    public static WeekState Of(
        IReadOnlyCollection<ReportScope> scopes,
        WeekRead read,
        IReadOnlyDictionary<(string Scope, IsoWeek Week), byte[]> settled
    )
    {
        var byScope = read.Rows.Of(scopes);
        var hashes = byScope.ToDictionary(p => p.Key, p => p.Value.Hash());
        bool IsDue(string scope) =>
            !IsSame(read.Newest.GetValueOrDefault(scope)?.DataHash, hashes[scope])
            && !IsSame(settled.GetValueOrDefault((scope, read.Rows.Week)), hashes[scope]);
        var due = byScope.Keys.Where(IsDue).ToHashSet();
        return new(read.Rows, byScope, hashes, read.Newest, due, read.Context, due.Count > 0 && read.IsImporting);
    }

    private static bool IsSame(byte[]? one, byte[] other) => one is not null && one.AsSpan().SequenceEqual(other);
}

/// <summary>A scope's newest report, without its JSON.</summary>
public sealed record NewestReport(string Scope, string Week, int Version, byte[] DataHash, DateTimeOffset CompiledAt);

/// <summary>The data of a week that is read within one snapshot.</summary>
public sealed record WeekRead(
    WeekRows Rows,
    IReadOnlyDictionary<string, NewestReport> Newest,
    WeekContext? Context,
    bool IsImporting
)
{
    /// <param name="context">Whether to read the context, which costs more than the rows.</param>
    public static async Task<WeekRead> ReadAsync(
        ServiceEvalDb db,
        IsoWeek week,
        bool context,
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
        var newest = reports.GroupBy(r => r.Scope).ToDictionary(g => g.Key, g => g.Last());
        var isImporting = await RunningImport.Alive(db.RunningImports, time.GetUtcNow()).AnyAsync(ct);
        return new(
            rows,
            newest,
            context && !isImporting ? await WeekContext.ReadAsync(db, week, ct) : null,
            isImporting
        );
    }
}
