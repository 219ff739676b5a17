using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Places;
using ServiceEval.Core.Reports;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>
/// Stores the compiled reports. Finds reports, and compiles those that are missing or have had late ratings.
/// </summary>
public sealed class ReportShelf(
    ReportCompiler compiler,
    HallDirectory directory,
    IReadSnapshot snapshots,
    IWriteGate gate,
    IDbContextFactory<ServiceEvalDb> databases,
    TimeProvider time
)
{
    // If another process stores the version first, this process reads again. A few attempts are enough, because the
    // next sweep compiles the report anyway.
    private const int Attempts = 3;

    /// <summary>
    /// The hashes of rows whose report would show the same figures as the newest version. Without them, such a report
    /// would be compiled again every hour.
    /// </summary>
    private readonly ConcurrentDictionary<(string Scope, IsoWeek Week), byte[]> _settled = new();

    /// <summary>Finds a report by its id. The ids of the root have two forms, and each finds the reports of both.</summary>
    public async Task<Report?> FindAsync(ReportId id, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var codes = directory.Current.Regions.CodesOf(id.Scope);
        return await db
            .Reports.AsNoTracking()
            .SingleOrDefaultAsync(r => codes.Contains(r.Scope) && r.Week == id.Week && r.Version == id.Version, ct);
    }

    /// <summary>
    /// Lists the reports, the newest weeks first. In each week the root comes first, then the other scopes by code, each
    /// with its newest version first.
    /// </summary>
    public async Task<IReadOnlyList<ReportLine>> ListAsync(int limit, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var root = directory.Current.Regions.CodesOf(Region.RootAlias);
        var rows = await db
            .Reports.AsNoTracking()
            .OrderByDescending(r => r.Week)
            .ThenBy(r => root.Contains(r.Scope) ? 0 : 1)
            .ThenBy(r => r.Scope)
            .ThenByDescending(r => r.Version)
            .Take(limit)
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
        return
        [
            .. rows.Select(r => ReportLine.TryOf(new(r.Scope, r.Week, r.Version), r.CompiledAt, r.ContentHash, r.Start))
                .OfType<ReportLine>(),
        ];
    }

    /// <summary>Returns the local date of the first rating, or null if there is no rating.</summary>
    public async Task<DateOnly?> FirstDateAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db
            .TalliesByHour.OrderBy(t => t.LocalDate)
            .Select(t => (DateOnly?)t.LocalDate)
            .FirstOrDefaultAsync(ct);
    }

    /// <summary>
    /// Compiles the report of a week that is not over or that lies before the first rating. The report is not stored.
    /// </summary>
    public async Task<WeeklyReport> CompileProvisionalAsync(ReportScope scope, IsoWeek week, CancellationToken ct)
    {
        var (rows, context) = await snapshots.ReadAsync(
            async (db, token) =>
                (
                    await WeekRows.ReadAsync(db, week, token),
                    await WeekContext.ReadAsync(db, week, directory.Current.Regions, token)
                ),
            ct
        );
        return compiler.Compile(scope, rows, context, directory.Current, version: 0);
    }

    /// <summary>
    /// Returns the newest version of a complete week's report. If the report is missing or its figures have changed, it
    /// is compiled and stored first. A week is compared only with what the reports of the four weeks before show. So the
    /// missing reports of these weeks are stored first.
    /// </summary>
    public async Task<Report> EnsureAsync(ReportScope scope, IsoWeek week, CancellationToken ct)
    {
        foreach (
            var earlier in await WithoutReportAsync(scope, week.Previous.Backwards().Take(WeekContext.WeeksBefore), ct)
        )
            await EnsureAsync(scope, earlier, isWanted: rows => rows.Rows.Count > 0, ct);
        return (await EnsureAsync(scope, week, isWanted: _ => true, ct))!;
    }

    /// <summary>Returns the weeks of which the scope has no report, oldest first.</summary>
    private async Task<IEnumerable<IsoWeek>> WithoutReportAsync(
        ReportScope scope,
        IEnumerable<IsoWeek> weeks,
        CancellationToken ct
    )
    {
        var names = weeks.ToDictionary(week => week.ToString());
        await using var db = await databases.CreateDbContextAsync(ct);
        var stored = await db
            .Reports.Where(r => r.Scope == scope.Code && names.Keys.Contains(r.Week))
            .Select(r => r.Week)
            .Distinct()
            .ToListAsync(ct);
        return names.ExceptBy(stored, week => week.Key).Select(week => week.Value).OrderBy(week => week.Monday);
    }

    /// <returns>Null if the scope's rows are not wanted.</returns>
    private async Task<Report?> EnsureAsync(
        ReportScope scope,
        IsoWeek week,
        Func<WeekRows, bool> isWanted,
        CancellationToken ct
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var read = await ReadAsync(week, [scope], ct, (_, state) => isWanted(state.ByScope[scope.Code]));
            if (!isWanted(read.ByScope[scope.Code]))
                return null;
            if (read.IsImporting)
                throw new OperatorException("正在导入历史评价，周报要等导入结束后才能编制。");
            if (await BringUpToDateAsync(scope, read, ct) is { } report)
                return report;
            if (attempt == Attempts)
                throw new InvalidOperationException(
                    $"Another process stored a report of {week} during each attempt for {scope.Code}."
                );
        }
    }

    /// <summary>
    /// Reads the week's rows and each scope's newest report, and the context if one of these scopes is due. All are
    /// from the same snapshot.
    /// </summary>
    /// <param name="isWanted">Selects which of the due scopes are compiled. Null selects all of them.</param>
    public async Task<WeekState> ReadAsync(
        IsoWeek week,
        IReadOnlyCollection<ReportScope> scopes,
        CancellationToken ct,
        Func<ReportScope, WeekState, bool>? isWanted = null
    )
    {
        var state = WeekState.Of(
            scopes,
            await snapshots.ReadAsync(
                (db, token) => WeekRead.ReadAsync(db, week, context: false, directory.Current.Regions, time, token),
                ct
            ),
            _settled
        );
        // Grouping and hashing take time, so no snapshot is kept open during them. A second snapshot is taken only if
        // there is something to compile.
        return !scopes.Any(scope => state.DueScopes.Contains(scope.Code) && isWanted?.Invoke(scope, state) != false)
            ? state
            : WeekState.Of(
                scopes,
                await snapshots.ReadAsync(
                    (db, token) => WeekRead.ReadAsync(db, week, context: true, directory.Current.Regions, time, token),
                    ct
                ),
                _settled
            );
    }

    /// <summary>
    /// Returns the scope's report for these rows. If it is due, it is compiled and stored first. Returns null if
    /// another process has stored a report of the week since the rows were read.
    /// </summary>
    public async Task<Report?> BringUpToDateAsync(ReportScope scope, WeekState state, CancellationToken ct)
    {
        var rows = state.ByScope[scope.Code];
        var newest = state.Newest.GetValueOrDefault(scope.Code);
        var before = newest is null
            ? null
            : await FindAsync(new ReportId(newest.Scope, newest.Week, newest.Version), ct);
        if (!state.DueScopes.Contains(scope.Code))
            return before;

        var hash = state.Hashes[scope.Code];
        var earlier = before is null ? null : WeeklyReport.Parse(before.Json);
        // A report that an earlier program froze in its own form is not changed, because its figures cannot be compared
        // with the figures of a newer report.
        var compiled = earlier is { IsOfEarlierForm: true }
            ? earlier
            : compiler.Compile(scope, state.Rows, state.Context!, directory.Current, (newest?.Version ?? 0) + 1);
        if (earlier is not null && ReportFigures.AreSame(compiled, earlier))
        {
            _settled[(scope.Code, state.Week)] = hash;
            return before;
        }
        var (json, contentHash) = compiled.Freeze();
        var report = new Report
        {
            Scope = scope.Code,
            Week = rows.Week.ToString(),
            Version = compiled.Version,
            DataHash = hash,
            ContentHash = contentHash,
            LedgerSequence = rows.Head.Sequence,
            LedgerHash = rows.Head.Hash,
            CompiledAt = time.GetUtcNow(),
            Json = json,
        };
        return await StoreAsync(report, state, ct) ? report : null;
    }

    /// <summary>
    /// Stores the report. Returns false if the week has got a report that this state does not contain. The figures were
    /// chosen without it, so both together could disclose a few ratings. The isolation level makes one of two processes
    /// fail that store reports of the week at the same time.
    /// </summary>
    private async Task<bool> StoreAsync(Report report, WeekState state, CancellationToken ct)
    {
        try
        {
            return await gate.WriteAsync(
                async (db, token) =>
                {
                    await using var transaction = await db.Database.BeginTransactionAsync(
                        IsolationLevel.Serializable,
                        token
                    );
                    // The query comes first because a failed insert costs the writer its connection.
                    if (!await HasOnlyAsync(db, state, token))
                        return false;
                    db.Add(report);
                    await db.SaveChangesAsync(token);
                    await transaction.CommitAsync(token);
                    state.Versions.Add((report.Scope, report.Version));
                    return true;
                },
                ct
            );
        }
        catch (Exception e) when (e is DbUpdateException or DbException && !ct.IsCancellationRequested)
        {
            await using var db = await databases.CreateDbContextAsync(ct);
            if (await HasOnlyAsync(db, state, ct))
                throw;
            return false;
        }
    }

    /// <summary>Returns whether the week has the reports of this state and no other reports.</summary>
    private static async Task<bool> HasOnlyAsync(ServiceEvalDb db, WeekState state, CancellationToken ct)
    {
        var week = state.Week.ToString();
        var stored = await db
            .Reports.Where(r => r.Week == week)
            .Select(r => new { r.Scope, r.Version })
            .ToListAsync(ct);
        return state.Versions.SetEquals(stored.Select(r => (r.Scope, r.Version)));
    }
}
