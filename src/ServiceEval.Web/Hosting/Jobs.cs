using Hangfire;
using Hangfire.AspNetCore;
using Microsoft.Extensions.Options;
using ServiceEval.Web.Http;

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

/// <summary>Enters the jobs after all services have started, because the jobs need these services.</summary>
internal sealed partial class JobsBegin(JobPlan plan, ILogger<JobsBegin> logger) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await plan.MendAsync(TimeProvider.System.GetUtcNow().UtcDateTime, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Ratings do not need the list of jobs, so an error in the list must not stop the node. Jobs tries again in
            // seconds.
            Log.NotEntered(logger, e);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(
            9036,
            LogLevel.Warning,
            "The jobs could not be entered in the list at the start. The next attempt is in seconds"
        )]
        public static partial void NotEntered(ILogger logger, Exception exception);
    }
}

public static class JobsSetup
{
    /// <param name="jobs">Returns the jobs of all rooms.</param>
    internal static IServiceCollection AddJobs(
        this IServiceCollection services,
        Func<IServiceProvider, IEnumerable<HostJob>> jobs
    )
    {
        services.AddSingleton<Func<IEnumerable<HostJob>>>(provider => () => jobs(provider));
        // Storage and activator are registered for this host. Hangfire's static defaults belong to the whole process:
        // the host that started last would set them for every host.
        services.AddSingleton(provider => provider.GetRequiredService<DatabaseEngine>().NewJobStorage());
        services.AddSingleton<JobActivator>(provider => new AspNetCoreJobActivator(
            provider.GetRequiredService<IServiceScopeFactory>()
        ));
        services.AddHangfire(hangfire => hangfire.UseSerilogLogProvider());
        services.AddHangfireServer(
            (provider, server) =>
            {
                // Three workers: mail uses at most one even if the mail server hangs, the backup at most one, so one is
                // always free.
                server.WorkerCount = 3;
                server.ShutdownTimeout = provider.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;
            }
        );
        return services
            .AddSingleton<JobPlan>()
            .AddHostedService<JobsBegin>()
            .AddHostedService<Jobs>()
            .AddHostedService<JobMetrics>()
            .AddHostedService<OldLogs>();
    }

    public static void MapJobs(this IEndpointRouteBuilder app)
    {
        var dashboard = app.MapHangfireDashboard(
            "/jobs",
            new DashboardOptions
            {
                Authorization = [new LoopbackOnly()],
                // There are no user accounts yet, so nobody is authorised to change jobs.
                IsReadOnlyFunc = _ => true,
                AppPath = null,
                DashboardTitle = "ServiceEval",
            }
        );
        dashboard.Add(endpoint =>
        {
            var shown = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = http =>
            {
                http.Response.Headers.ContentSecurityPolicy = ContentPolicy.Dashboard;
                return shown(http);
            };
        });
        // The dashboard itself refuses with 401 or 403. All other pages that are limited to this machine refuse with
        // 404.
        dashboard.OnlyFromThisMachine();
    }
}
