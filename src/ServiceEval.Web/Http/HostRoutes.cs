using Hangfire;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace ServiceEval.Web.Http;

/// <summary>The routes that belong to no room: health, metrics and the dashboard of the jobs.</summary>
public static class HostRoutes
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false }).Public();
        app.MapHealthChecks("/healthz/ready").Public();
    }

    public static void MapMetrics(this IEndpointRouteBuilder app) =>
        app.MapPrometheusScrapingEndpoint("/metrics").OnlyFromThisMachine();

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
