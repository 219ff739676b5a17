using Hangfire;
using Hangfire.AspNetCore;
using Microsoft.Extensions.Options;

namespace ServiceEval.Web.Hosting;

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
}
