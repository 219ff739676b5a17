using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServiceEval.Core.Storage;

namespace ServiceEval.Web.Hosting;

/// <summary>The readiness check: the ledger head can be read, also on the connection that ratings use.</summary>
internal sealed class DatabaseHealth(IDbContextFactory<ServiceEvalDb> databases, DatabaseEngine engine) : IHealthCheck
{
    public const string Name = "database";

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            await db.LedgerHead.AsNoTracking().SingleAsync(cancellationToken);
            await engine.ProbeAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("The database can't be read.", e);
        }
    }
}
