using Hangfire;
using Hangfire.AspNetCore;
using Microsoft.Extensions.Options;

namespace ServiceEval.Web.Hosting;

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
