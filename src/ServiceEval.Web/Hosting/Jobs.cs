using Hangfire;
using Hangfire.AspNetCore;
using Microsoft.Extensions.Options;

namespace ServiceEval.Web.Hosting;

/// <summary>
/// What runs by the clock. What must happen is a row; a job only sweeps, so the list may live in memory where there is
/// one node. The list is looked at every 15 seconds, in case the machine's clock was set.
/// </summary>
internal sealed partial class Jobs(JobPlan plan, ILogger<Jobs> logger) : BackgroundService
{
    /// <summary>From one look at the list to the next.</summary>
    internal TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(15);

    // The list is planned by the machine's clock, also where time is faked.
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
            "The clock was set back: {Jobs} would have waited for a time far ahead and are planned again"
        )]
        public static partial void PlannedAgain(ILogger logger, string jobs);

        [LoggerMessage(9032, LogLevel.Warning, "The list of jobs could not be looked at; trying again")]
        public static partial void NotLookedAt(ILogger logger, Exception exception);
    }
}

/// <summary>Once all has started: what a job needs is then there.</summary>
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
            // Ratings do not need the list of jobs, so a node must not end because of the list. Jobs looks again in
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
            "The jobs could not be entered in the list at the start; trying again in seconds"
        )]
        public static partial void NotEntered(ILogger logger, Exception exception);
    }
}

public static class JobsSetup
{
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        // Storage and activator are this host's own: the library's defaults are the process's last, of whichever host.
        services.AddSingleton(provider => provider.GetRequiredService<DatabaseEngine>().NewJobStorage());
        services.AddSingleton<JobActivator>(provider => new AspNetCoreJobActivator(
            provider.GetRequiredService<IServiceScopeFactory>()
        ));
        services.AddHangfire(hangfire => hangfire.UseSerilogLogProvider());
        services.AddHangfireServer(
            (provider, server) =>
            {
                // The mails, of which one run at most is at work, have one of them at most, however long a mail server
                // takes; the backup another.
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
                // Until accounts exist nobody is known to be allowed more.
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
                http.Response.Headers.ContentSecurityPolicy = "frame-ancestors 'none'";
                return shown(http);
            };
        });
        // The dashboard's own refusal is 401 or 403; ours is 404, as everywhere.
        dashboard.OnlyFromThisMachine();
    }
}
