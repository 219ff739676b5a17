using System.Diagnostics;
using Hangfire;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Ledger;
using ServiceEval.Web.Features.Reports.Renderings;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Reports;

/// <summary>
/// Compiles what is due: of the last eight complete weeks since the first rating those that are missing, and once a day
/// those whose figures have changed since. Then removes the device marks that no such week needs. May run at any time
/// and more than once; one node at a time is at it.
/// </summary>
internal sealed partial class ReportSweep(
    ReportShelf shelf,
    ExpiredMarks marks,
    PrintingAhead printing,
    HallDirectory directory,
    ProvenTime proven,
    DatabaseEngine engine,
    TimeProvider time,
    ILogger<ReportSweep> logger
) : IDisposable
{
    public const int Weeks = 8;

    private readonly SemaphoreSlim _one = new(1);
    private long _ended;
    private int _failed;

    /// <summary>
    /// How many reports the last sweep could not compile; null where this node has not swept for so long.
    /// </summary>
    public int? FailedWithin(TimeSpan span) =>
        Volatile.Read(ref _ended) is not 0 and var ended && Stopwatch.GetElapsedTime(ended) < span
            ? Volatile.Read(ref _failed)
            : null;

    /// <summary>By the clock, but not while the last run is still at it.</summary>
    // No retries: the next hour's run is one.
    [AutomaticRetry(Attempts = 0)]
    public async Task RunAloneAsync(CancellationToken ct)
    {
        if (_one.CurrentCount > 0)
            await RunAsync(ct);
    }

    /// <summary>After a run that this node is at.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            await using var turn = await engine.TryTakeTurnAsync(nameof(ReportSweep), ct);
            if (turn is null)
                Log.Elsewhere(logger);
            else
                await SweepAsync(ct);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task SweepAsync(CancellationToken ct)
    {
        if (await shelf.FirstDateAsync(ct) is not { } first || await proven.NowAsync(ct) is not { } reached)
            return;
        var now = time.GetUtcNow();
        var due = ReportScope
            .All(directory.Current)
            .SelectMany(
                scope =>
                    scope.CompleteWeeks(IsoWeek.Of(first), now).Take(Weeks).Where(week => scope.Reaches(week, reached)),
                (scope, week) => (scope, week)
            )
            .GroupBy(d => d.week, d => d.scope)
            .OrderBy(g => g.Key.Monday);
        var failed = 0;
        foreach (var week in due)
            failed += await CompileAsync(week.Key, [.. week], now, ct);
        Volatile.Write(ref _failed, failed);
        Volatile.Write(ref _ended, Stopwatch.GetTimestamp());
        printing.Wake();
        await RemoveMarksAsync(reached, ct);
    }

    /// <returns>How many reports were not compiled that are due.</returns>
    private async Task<int> CompileAsync(
        IsoWeek week,
        IReadOnlyList<ReportScope> scopes,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        WeekState state;
        try
        {
            state = await shelf.ReadAsync(week, scopes, ct, (scope, read) => IsToCompile(scope, read, now));
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Log.WeekNotRead(logger, week, e);
            return scopes.Count;
        }
        if (state.IsImporting)
        {
            Log.Waits(logger, week);
            return 0;
        }
        var failed = 0;
        foreach (var scope in scopes.Where(scope => IsToCompile(scope, state, now)))
            failed += await CompileAsync(scope, state, ct) ? 0 : 1;
        return failed;
    }

    private static bool IsToCompile(ReportScope scope, WeekState state, DateTimeOffset now)
    {
        // A hall without any rating that week has no report of its own; the county's names it with a zero.
        if (!state.DueScopes.Contains(scope.Code) || (!scope.IsCounty && state.ByScope[scope.Code].Rows.Count == 0))
            return false;
        // Details come in for days: one version a day, and with it one mail.
        return !state.Newest.TryGetValue(scope.Code, out var newest)
            || scope.DateOf(newest.CompiledAt) != scope.DateOf(now);
    }

    /// <summary>
    /// Each report by itself: one row that can't be read holds up neither other halls nor later weeks.
    /// </summary>
    private async Task<bool> CompileAsync(ReportScope scope, WeekState state, CancellationToken ct)
    {
        try
        {
            var before = state.Newest.GetValueOrDefault(scope.Code)?.Version;
            var report = await shelf.BringUpToDateAsync(scope, state, ct);
            if (report is not null && report.Version != before)
                Log.Compiled(logger, report.Id, report.LedgerSequence);
            return true;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Log.NotCompiled(logger, scope.Code, state.Week, e);
            return false;
        }
    }

    private async Task RemoveMarksAsync(DateTimeOffset reached, CancellationToken ct)
    {
        if (ReportScope.All(directory.Current).FirstOrDefault() is not { } county)
            return;
        // Until Monday 06:00 the eighth complete week is the ninth before the running one.
        var needed = county.Running(reached).Monday.AddDays(-7 * (Weeks + 1));
        var removed = await marks.RemoveAsync(needed, ct);
        if (removed > 0)
            Log.MarksRemoved(logger, removed, needed);
    }

    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Information, "Report {Id} compiled at ledger block {Sequence}")]
        public static partial void Compiled(ILogger logger, string id, long sequence);

        [LoggerMessage(4006, LogLevel.Information, "The reports of {Week} wait for the end of an import")]
        public static partial void Waits(ILogger logger, IsoWeek week);

        [LoggerMessage(4002, LogLevel.Information, "{Count} device marks from before {Needed} removed")]
        public static partial void MarksRemoved(ILogger logger, int count, DateOnly needed);

        [LoggerMessage(
            4007,
            LogLevel.Error,
            "The report of {Scope} for {Week} was not compiled; the others were not held up"
        )]
        public static partial void NotCompiled(ILogger logger, string scope, IsoWeek week, Exception exception);

        [LoggerMessage(4008, LogLevel.Error, "The rows of {Week} could not be read; no report of it was compiled")]
        public static partial void WeekNotRead(ILogger logger, IsoWeek week, Exception exception);

        [LoggerMessage(4009, LogLevel.Information, "Another node is compiling reports")]
        public static partial void Elsewhere(ILogger logger);
    }
}
