using Hangfire;
using Hangfire.AspNetCore;
using Microsoft.Extensions.Options;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Mail;
using ServiceEval.Web.Features.Upkeep;

namespace ServiceEval.Web.Hosting;

/// <summary>What runs by the clock. What must happen is a row; a job only sweeps, so the list may live in memory where there is one node.</summary>
internal sealed class Jobs(IRecurringJobManager recurring, DatabaseEngine engine, IOptions<MailOptions> mail, NightlyBackup backup) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        // Hourly is enough after the first run, which makes up for whatever was missed while the host was down.
        recurring.AddOrUpdate<ReportSweep>(nameof(ReportSweep), sweep => sweep.RunAsync(CancellationToken.None), Cron.Hourly());
        recurring.Trigger(nameof(ReportSweep));

        if (backup.IsOn)
        {
            recurring.AddOrUpdate<NightlyBackup>(nameof(NightlyBackup), nightly => nightly.RunAsync(CancellationToken.None), backup.Cron, new RecurringJobOptions { TimeZone = backup.Zone });
            recurring.Trigger(nameof(NightlyBackup));
        }
        else recurring.RemoveIfExists(nameof(NightlyBackup));

        if (!mail.Value.IsOn)
        {
            // Another node may mail, and the list is all nodes': a sweep without settings does nothing.
            if (!engine.IsServer) recurring.RemoveIfExists(nameof(ReportMailSweep));
            return Task.CompletedTask;
        }
        recurring.AddOrUpdate<ReportMailSweep>(nameof(ReportMailSweep), sweep => sweep.RunAloneAsync(CancellationToken.None), Cron.Minutely());
        recurring.Trigger(nameof(ReportMailSweep));
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

public static class JobsSetup
{
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        // Storage and activator are this host's own: the library's defaults are the process's last, of whichever host.
        services.AddSingleton(provider => provider.GetRequiredService<DatabaseEngine>().NewJobStorage());
        services.AddSingleton<JobActivator>(provider => new AspNetCoreJobActivator(provider.GetRequiredService<IServiceScopeFactory>()));
        services.AddHangfire(hangfire => hangfire.UseSerilogLogProvider());
        services.AddHangfireServer((provider, server) =>
        {
            // The mails, of which one run at most is at work, have one of them at most, however long a mail server takes; the backup another.
            server.WorkerCount = 3;
            server.ShutdownTimeout = provider.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;
        });
        return services.AddHostedService<Jobs>().AddHostedService<JobMetrics>();
    }

    public static void MapJobs(this IEndpointRouteBuilder app)
    {
        var dashboard = app.MapHangfireDashboard("/jobs", new DashboardOptions
        {
            Authorization = [new LoopbackOnly()],
            // Until accounts exist nobody is known to be allowed more.
            IsReadOnlyFunc = _ => true,
            AppPath = null,
            DashboardTitle = "ServiceEval",
        });
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
