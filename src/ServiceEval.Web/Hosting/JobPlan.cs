using Hangfire;
using Hangfire.Storage;

namespace ServiceEval.Web.Hosting;

/// <summary>
/// The list of recurring jobs. Hangfire plans only the next run of each job, by the machine's clock. If the clock was
/// years ahead at that time, the job would wait for years after the clock is corrected.
/// </summary>
internal sealed partial class JobPlan(
    IRecurringJobManager recurring,
    JobStorage storage,
    DatabaseEngine engine,
    Func<IEnumerable<HostJob>> jobs,
    ILogger<JobPlan> logger
)
{
    /// <summary>The longest interval between two runs of a job.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>The clock difference that is accepted between machines that share a list of jobs.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(10);

    private bool _isEntered;
    private long? _mendedAt;
    private bool _isTold;

    /// <summary>Measures elapsed time only, so a change of the machine's clock does not affect it.</summary>
    internal TimeProvider Stopwatch { get; init; } = TimeProvider.System;

    /// <summary>
    /// Enters all jobs and runs each at once. The first run does what was missed while the host was down.
    /// </summary>
    private void Enter()
    {
        foreach (var job in jobs())
        {
            job.Enter(recurring);
            if (job.Entry == JobEntry.Run)
                recurring.Trigger(job.Name);
        }
        _isEntered = true;
    }

    /// <summary>
    /// Enters the jobs if this process has not entered them yet, or if a job is planned for a time that no correct
    /// clock can have given. If another node's clock is ahead, that node plans the jobs wrongly again at once. It also
    /// runs them, so this node corrects the plan only once an hour.
    /// </summary>
    /// <param name="now">The time of the machine's clock, by which Hangfire plans.</param>
    /// <returns>The ids of the jobs that were planned wrongly.</returns>
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
    /// Returns how long a job is overdue, or how much too late it is planned; 0 if the job is on time. For a job
    /// without a planned run, returns the time since its last run.
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

    private static partial class Log
    {
        [LoggerMessage(
            9037,
            LogLevel.Warning,
            "The clock of another node is at least {Minutes} minutes ahead of this node's clock. That node plans the "
                + "jobs by its own clock. This node corrects the plan only once an hour. Use a time server on all nodes"
        )]
        public static partial void ClocksDiffer(ILogger logger, double minutes);
    }
}
