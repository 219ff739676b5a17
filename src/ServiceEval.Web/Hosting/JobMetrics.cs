using System.Diagnostics.Metrics;
using Hangfire;
using Hangfire.Storage;

namespace ServiceEval.Web.Hosting;

/// <summary>Metrics of the recurring jobs: how long each job is overdue, and whether its last run failed.</summary>
internal sealed class JobMetrics(IMeterFactory meters, JobStorage storage) : IHostedService
{
    public const string Meter = "ServiceEval.Jobs";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(Meter);
        // The machine's clock is used, because Hangfire plans the jobs by it.
        meter.CreateObservableGauge(
            "serviceeval.job.lag",
            () => Of(job => JobPlan.Lag(job, TimeProvider.System.GetUtcNow().UtcDateTime).TotalSeconds),
            "s",
            "How long a recurring job is overdue, or planned too late"
        );
        meter.CreateObservableGauge(
            "serviceeval.job.failed",
            () => Of(job => job.LastJobState == "Failed" ? 1 : 0),
            null,
            "1 where a recurring job's last run failed"
        );
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private List<Measurement<double>> Of(Func<RecurringJobDto, double> value)
    {
        using var connection = storage.GetConnection();
        return
        [
            .. connection
                .GetRecurringJobs()
                .Select(job => new Measurement<double>(value(job), new KeyValuePair<string, object?>("job", job.Id))),
        ];
    }
}
