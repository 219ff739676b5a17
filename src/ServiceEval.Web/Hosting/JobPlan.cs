using Hangfire;
using Hangfire.Storage;
using Microsoft.Extensions.Options;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Mail;
using ServiceEval.Web.Features.Upkeep;

namespace ServiceEval.Web.Hosting;

/// <summary>
/// The list of what runs by the clock. Hangfire plans each next run by the machine's clock and looks no further: a run
/// planned while the clock was years ahead would be waited for for years.
/// </summary>
internal sealed partial class JobPlan(
    IRecurringJobManager recurring,
    JobStorage storage,
    DatabaseEngine engine,
    IOptions<MailOptions> mail,
    NightlyBackup backup,
    ILogger<JobPlan> logger
)
{
    /// <summary>No job waits longer from one run to the next.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>What two machines' clocks may differ by that share a list.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(10);

    private bool _isEntered;
    private long? _mendedAt;
    private bool _isTold;

    /// <summary>For spans only, which no setting of the machine's clock changes.</summary>
    internal TimeProvider Stopwatch { get; init; } = TimeProvider.System;

    /// <summary>
    /// Enters all jobs and runs each at once: the first run makes up for what was missed while the host was down.
    /// </summary>
    private void Enter()
    {
        // Hourly is enough after the first run.
        Enter<ReportSweep>(nameof(ReportSweep), sweep => sweep.RunAloneAsync(CancellationToken.None), Cron.Hourly());
        if (backup.IsOn)
            Enter<NightlyBackup>(
                nameof(NightlyBackup),
                nightly => nightly.RunAsync(CancellationToken.None),
                backup.Cron,
                new RecurringJobOptions { TimeZone = backup.Zone }
            );
        else
            recurring.RemoveIfExists(nameof(NightlyBackup));
        if (mail.Value.IsOn)
            Enter<ReportMailSweep>(
                nameof(ReportMailSweep),
                sweep => sweep.RunAloneAsync(CancellationToken.None),
                Cron.Minutely()
            );
        // Another node may mail, and the list is all nodes': a sweep without settings does nothing.
        else if (!engine.IsServer)
            recurring.RemoveIfExists(nameof(ReportMailSweep));
        _isEntered = true;
    }

    /// <summary>
    /// Enters the jobs if this process has not entered them yet, or if one of them is planned for a time that no right
    /// clock can have given. Another node whose clock is ahead plans them so again at once. It also runs them, so this
    /// node plans once an hour only.
    /// </summary>
    /// <param name="now">By the machine's clock, as Hangfire plans.</param>
    /// <returns>The jobs that were.</returns>
    public async Task<IReadOnlyList<string>> MendAsync(DateTime now, CancellationToken ct)
    {
        var astray = Astray(now);
        if (_isEntered && astray.Count == 0)
            return [];
        if (_isEntered && engine.IsServer && _mendedAt is { } before && Stopwatch.GetElapsedTime(before) < LongestPause)
        {
            var ahead = astray.Max(job => job.NextExecution!.Value) - now - LongestPause;
            if (!_isTold)
                Log.ClocksDiffer(logger, Math.Round(ahead.TotalMinutes));
            _isTold = true;
            return [];
        }
        await engine.FreeJobsAsync(ct);
        foreach (var job in astray)
            recurring.RemoveIfExists(job.Id);
        Enter();
        if (astray.Count > 0)
            (_mendedAt, _isTold) = (Stopwatch.GetTimestamp(), false);
        return [.. astray.Select(job => job.Id)];
    }

    /// <summary>
    /// How long a job is overdue, or planned too late; 0 while it keeps its time. One that is not planned at all lags
    /// since it last ran.
    /// </summary>
    public static TimeSpan Lag(RecurringJobDto job, DateTime now)
    {
        if (job.NextExecution is not { } next)
            return Positive(now - (job.LastExecution ?? job.CreatedAt ?? now));
        return next > now ? Positive(next - now - LongestPause) : now - next;
    }

    private List<RecurringJobDto> Astray(DateTime now)
    {
        using var connection = storage.GetConnection();
        return [.. connection.GetRecurringJobs().Where(job => job.NextExecution > now + LongestPause + Tolerance)];
    }

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;

    private void Enter<T>(
        string name,
        System.Linq.Expressions.Expression<Func<T, Task>> run,
        string cron,
        RecurringJobOptions? options = null
    )
    {
        recurring.AddOrUpdate(name, run, cron, options ?? new RecurringJobOptions());
        recurring.Trigger(name);
    }

    private static partial class Log
    {
        [LoggerMessage(
            9037,
            LogLevel.Warning,
            "Another node's clock is ahead of this one's by at least {Minutes} minutes: it plans the jobs by its own, "
                + "and this node corrects that once an hour only. Set the clocks of all nodes by a time server"
        )]
        public static partial void ClocksDiffer(ILogger logger, double minutes);
    }
}
