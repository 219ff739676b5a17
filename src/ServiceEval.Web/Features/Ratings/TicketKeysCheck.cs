using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// Stops the start if ratings exist and their keys are missing, because each new ticket would increase the damage.
/// </summary>
internal sealed class TicketKeysCheck(TicketKeys keys, IDbContextFactory<ServiceEvalDb> databases) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        keys.Open(needed: await db.Ratings.AnyAsync(r => r.Tier != Tier.Imported, cancellationToken));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
