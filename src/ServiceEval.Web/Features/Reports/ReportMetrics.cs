using System.Diagnostics.Metrics;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Reports;

/// <summary>The metric of the report sweep.</summary>
internal sealed class ReportMetrics(IMeterFactory meters, ReportSweep sweep) : IHostedService
{
    public const string Meter = "ServiceEval.Reports";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        meters
            .Create(Meter)
            .CreateObservableGauge(
                "serviceeval.report.failed",
                Failed,
                null,
                "How many reports are due that the last sweep could not compile"
            );
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Returns no value if the last sweep is too old, because another node may have swept since.</summary>
    private IEnumerable<Measurement<int>> Failed() =>
        sweep.FailedWithin(2 * JobPlan.LongestPause) is { } failed ? [new(failed)] : [];
}
