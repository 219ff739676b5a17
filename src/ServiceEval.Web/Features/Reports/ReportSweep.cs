using System.Diagnostics;
using Hangfire;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Places;
using ServiceEval.Core.Reports;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports.Compiling;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Renderings;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Reports;

/// <summary>
/// Compiles the reports that are due. Of the last eight complete weeks since the first rating, these are the missing
/// reports and, once a day, the reports whose figures have changed. Then removes the device marks that none of these
/// weeks needs. A run may start at any time and more than once. Only one node runs at a time.
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
    private readonly SemaphoreSlim _one = new(1);
    private long _ended;
    private int _failed;

    // The first run catches up, so once an hour is enough afterwards.
    public static HostJob Job() =>
        HostJob.Of<ReportSweep>(sweep => sweep.RunAloneAsync(CancellationToken.None), Cron.Hourly());

    /// <summary>
    /// Returns the number of reports that the last sweep could not compile. Returns null if this node has not finished
    /// a sweep within this time.
    /// </summary>
    public int? FailedWithin(TimeSpan span) =>
        Volatile.Read(ref _ended) is not 0 and var ended && Stopwatch.GetElapsedTime(ended) < span
            ? Volatile.Read(ref _failed)
            : null;

    /// <summary>Runs on schedule, but not while the previous run on this node is still busy.</summary>
    // There are no retries, because the job runs again in the next hour.
    [AutomaticRetry(Attempts = 0)]
    public async Task RunAloneAsync(CancellationToken ct)
    {
        if (_one.CurrentCount > 0)
            await RunAsync(ct);
    }

    /// <summary>Waits for a run on this node to end, and then runs.</summary>
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
        var places = directory.Current;
        if (places.Halls.Count == 0)
            return;
        // The running week is not complete in any scope. Early on Monday the week before it is not complete either.
        var weeks = ReportScope
            .Root(places)
            .Running(now)
            .Backwards()
            .TakeWhile(week => week.Monday >= IsoWeek.Of(first).Monday)
            .Take(Report.SweptWeeks + 2);
        var failed = 0;
        foreach (var week in weeks.Reverse())
        {
            List<ReportScope> due = [.. ReportScope.All(places, week).Where(scope => IsDue(scope, week, now, reached))];
            if (due.Count > 0)
                failed += await CompileAsync(week, due, now, ct);
        }
        Volatile.Write(ref _failed, failed);
        Volatile.Write(ref _ended, Stopwatch.GetTimestamp());
        printing.Wake();
        await RemoveMarksAsync(reached, ct);
    }

    /// <summary>Returns whether the week is one of the scope's last complete weeks.</summary>
    private static bool IsDue(ReportScope scope, IsoWeek week, DateTimeOffset now, DateTimeOffset reached) =>
        now >= scope.CompleteFrom(week)
        && scope.LastComplete(now).Backwards().Take(Report.SweptWeeks).Contains(week)
        && scope.Reaches(week, reached);

    /// <returns>The number of due reports that were not compiled.</returns>
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
        // A place without any rating in the week has no report of its own. The report above it lists the place with
        // zero. The root always has a report.
        if (
            !state.DueScopes.Contains(scope.Code)
            || (scope.Place != PlaceScope.Root && state.ByScope[scope.Code].Rows.Count == 0)
        )
            return false;
        // Details arrive for several days. One version a day is enough, because each version sends a mail.
        return !state.Newest.TryGetValue(scope.Code, out var newest)
            || scope.DateOf(newest.CompiledAt) != scope.DateOf(now);
    }

    /// <summary>
    /// Compiles one report. A row that cannot be read must not stop the reports of other halls or of later weeks.
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
        if (directory.Current.Halls.Count == 0)
            return;
        var root = ReportScope.Root(directory.Current);
        // Before Monday 06:00 the eighth complete week is the ninth week before the running week.
        var needed = root.Running(reached).Monday.AddDays(-7 * (Report.SweptWeeks + 1));
        var removed = await marks.RemoveAsync(needed, ct);
        if (removed > 0)
            Log.MarksRemoved(logger, removed, needed);
    }

    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Information, "Report {Id} was compiled at ledger block {Sequence}")]
        public static partial void Compiled(ILogger logger, string id, long sequence);

        [LoggerMessage(4006, LogLevel.Information, "The reports of {Week} wait for the end of an import")]
        public static partial void Waits(ILogger logger, IsoWeek week);

        [LoggerMessage(4002, LogLevel.Information, "{Count} device marks from before {Needed} were removed")]
        public static partial void MarksRemoved(ILogger logger, int count, DateOnly needed);

        [LoggerMessage(
            4007,
            LogLevel.Error,
            "The report of {Scope} for {Week} could not be compiled; the other reports are not affected"
        )]
        public static partial void NotCompiled(ILogger logger, string scope, IsoWeek week, Exception exception);

        [LoggerMessage(4008, LogLevel.Error, "The rows of {Week} could not be read; no report was compiled")]
        public static partial void WeekNotRead(ILogger logger, IsoWeek week, Exception exception);

        [LoggerMessage(4009, LogLevel.Information, "Another node is compiling reports")]
        public static partial void Elsewhere(ILogger logger);
    }
}
