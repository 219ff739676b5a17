using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ServiceEval.Web.Features.Ledger.Keys;

/// <summary>A node whose key is not admitted cannot store anything and is not ready.</summary>
internal sealed class AuthorshipHealth(NodeAuthorship authorship) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            authorship.Waiting is { } waiting ? HealthCheckResult.Unhealthy(waiting) : HealthCheckResult.Healthy()
        );
}
