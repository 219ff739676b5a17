using System.Diagnostics.Metrics;
using Hangfire;
using Hangfire.Storage;

namespace ServiceEval.Web.Hosting;

/// <summary>How long each recurring job is overdue; 0 while it keeps its time.</summary>
internal sealed class JobMetrics(IMeterFactory meters, JobStorage storage, TimeProvider time) : IHostedService
{
    public const string Meter = "ServiceEval.Jobs";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        meters.Create(Meter).CreateObservableGauge("serviceeval.job.lag", Lags, "s", "How long a recurring job is overdue");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<double>> Lags()
    {
        using var connection = storage.GetConnection();
        return [.. connection.GetRecurringJobs().Where(job => job.NextExecution is not null).Select(job => new Measurement<double>(
            Math.Max(0, (time.GetUtcNow().UtcDateTime - job.NextExecution!.Value).TotalSeconds), new KeyValuePair<string, object?>("job", job.Id)))];
    }
}
