using Hangfire;
using Hangfire.AspNetCore;
using Microsoft.Extensions.Options;

namespace ServiceEval.Web.Hosting;

/// <summary>
/// Keeps the list of recurring jobs correct. All work that must happen is stored in rows, and a job only sweeps these
/// rows. So a single node can keep the list in memory. The list is checked every 15 seconds, because the machine's
/// clock may have been changed.
/// </summary>
internal sealed partial class Jobs(JobPlan plan, ILogger<Jobs> logger) : BackgroundService
{
    /// <summary>The interval between two checks of the list.</summary>
    internal TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(15);

    // The system clock is used even if a test fakes the time, because Hangfire plans by the system clock.
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var astray = await plan.MendAsync(TimeProvider.System.GetUtcNow().UtcDateTime, stoppingToken);
                if (astray.Count > 0)
                    Log.PlannedAgain(logger, string.Join(", ", astray));
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NotLookedAt(logger, e);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            9031,
            LogLevel.Warning,
            "The clock was set back. {Jobs} would have waited for a time far in the future and are planned again"
        )]
        public static partial void PlannedAgain(ILogger logger, string jobs);

        [LoggerMessage(9032, LogLevel.Warning, "The list of jobs could not be checked. The next check is in seconds")]
        public static partial void NotLookedAt(ILogger logger, Exception exception);
    }
}
