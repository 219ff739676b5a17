using System.Diagnostics;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ServiceEval.Core;

namespace ServiceEval.Web.Hosting;

/// <summary>
/// Configures the metrics at <c>/metrics</c> in Prometheus' text format. If OTEL_EXPORTER_OTLP_ENDPOINT is set, metrics
/// and traces are also sent by OTLP. Neither contains data of a citizen: a path is replaced by its route.
/// </summary>
public static class Telemetry
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // The framework's metrics for each request are left out, because they would slow down the hot path.
    private static readonly string[] Meters =
    [
        "ServiceEval.*",
        "Microsoft.AspNetCore.Server.Kestrel",
        "System.Runtime",
    ];

    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var collector = configuration[OtlpEndpoint];
        var hasCollector = !string.IsNullOrEmpty(collector);
        // The library silently ignores an invalid address and sends to this machine instead.
        if (
            hasCollector
            && !(Uri.TryCreate(collector, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        )
            throw new OperatorException($"{OtlpEndpoint} 应为完整网址，如 http://127.0.0.1:4317。");
        var telemetry = services
            .AddOpenTelemetry()
            .ConfigureResource(resource =>
                resource.AddService(
                    "serviceeval",
                    serviceVersion: typeof(Telemetry).Assembly.GetName().Version?.ToString()
                )
            )
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Meters).AddPrometheusExporter();
                if (hasCollector)
                    metrics.AddOtlpExporter();
            });
        // Npgsql's own traces contain SQL statements without their values.
        if (hasCollector)
            telemetry.WithTracing(traces => traces.AddRequests().AddSource("Npgsql").AddOtlpExporter());
    }

    /// <summary>Traces every request, without the receipts, codes and addresses in its path.</summary>
    public static TracerProviderBuilder AddRequests(this TracerProviderBuilder traces) =>
        traces.AddAspNetCoreInstrumentation(requests =>
        {
            requests.RecordException = false;
            requests.EnrichWithHttpResponse = (activity, response) => NameByRoute(activity, response.HttpContext);
        });

    private static void NameByRoute(Activity activity, HttpContext http)
    {
        activity.SetTag("url.path", (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "");
        activity.SetTag("url.query", null);
        activity.SetTag("client.address", null);
    }
}
