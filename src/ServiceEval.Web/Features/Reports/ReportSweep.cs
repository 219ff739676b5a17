using Hangfire;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Reports.Renderings;

namespace ServiceEval.Web.Features.Reports;

/// <summary>
/// Compiles what is due: of the last eight complete weeks since the first rating those that are missing, and those whose
/// rows have changed since. Then removes the device marks that no such week needs. May run at any time, more than once and
/// on several nodes at once.
/// </summary>
public sealed partial class ReportSweep(
    ReportShelf shelf, ExpiredMarks marks, PrintingAhead printing, HallDirectory directory, TimeProvider time, ILogger<ReportSweep> logger)
{
    public const int Weeks = 8;

    // No retries: the next hour's run is one.
    [AutomaticRetry(Attempts = 0)]
    public async Task RunAsync(CancellationToken ct)
    {
        if (await shelf.FirstDateAsync(ct) is not { } first) return;
        var now = time.GetUtcNow();
        var due = ReportScope.All(directory.Current)
            .SelectMany(scope => scope.CompleteWeeks(IsoWeek.Of(first), now).Take(Weeks), (scope, week) => (scope, week))
            .GroupBy(d => d.week, d => d.scope).OrderBy(g => g.Key.Monday);
        foreach (var week in due) await CompileAsync(week.Key, [.. week], ct);
        printing.Wake();
        await RemoveMarksAsync(now, ct);
    }

    private async Task CompileAsync(IsoWeek week, IReadOnlyList<ReportScope> scopes, CancellationToken ct)
    {
        var state = await shelf.ReadAsync(week, scopes, ct);
        if (state.IsImporting)
        {
            Log.Waits(logger, week);
            return;
        }
        foreach (var scope in scopes)
        {
            // A hall without any rating that week has no report of its own; the county's names it with a zero.
            if (!scope.IsCounty && state.Rows.Of(scope).Rows.Count == 0) continue;
            var before = state.Newest.GetValueOrDefault(scope.Code);
            var report = await shelf.BringUpToDateAsync(scope, state, ct);
            if (report is not null && report != before) Log.Compiled(logger, report.Id, report.LedgerSequence);
        }
    }

    private async Task RemoveMarksAsync(DateTimeOffset now, CancellationToken ct)
    {
        if (ReportScope.All(directory.Current).FirstOrDefault() is not { } county) return;
        // Until Monday 06:00 the eighth complete week is the ninth before the running one.
        var needed = county.Running(now).Monday.AddDays(-7 * (Weeks + 1));
        var removed = await marks.RemoveAsync(needed, ct);
        if (removed > 0) Log.MarksRemoved(logger, removed, needed);
    }

    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Information, "Report {Id} compiled at ledger block {Sequence}")]
        public static partial void Compiled(ILogger logger, string id, long sequence);

        [LoggerMessage(4006, LogLevel.Information, "The reports of {Week} wait for the end of an import")]
        public static partial void Waits(ILogger logger, IsoWeek week);

        [LoggerMessage(4002, LogLevel.Information, "{Count} device marks from before {Needed} removed")]
        public static partial void MarksRemoved(ILogger logger, int count, DateOnly needed);
    }
}
