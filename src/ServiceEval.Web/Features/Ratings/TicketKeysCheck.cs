using Microsoft.EntityFrameworkCore;
using ServiceEval.Data;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>No start on ratings whose keys are gone: each new ticket would make it worse.</summary>
internal sealed class TicketKeysCheck(TicketKeys keys, IDbContextFactory<ServiceEvalDb> databases) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        keys.Open(needed: await db.Ratings.AnyAsync(r => r.Tier != Tier.Imported, cancellationToken));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
