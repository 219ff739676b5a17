using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// Reads single stored ratings for late replays, thanks pages and receipts. Throws
/// <see cref="OutcomeUnknownException"/> if the database cannot be read.
/// </summary>
public sealed class RatingReader(IDbContextFactory<ServiceEvalDb> databases, TicketKeys keys)
{
    /// <summary>The longest wait for the database. The service does not wait for a server that hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.5);

    public Task<StoredRating?> FindAsync(Guid ratingId, CancellationToken ct) =>
        FindAsync(db => db.Ratings.Where(r => r.Id == ratingId), ct);

    public async Task<StoredRating?> FindAsync(Receipt receipt, CancellationToken ct)
    {
        var hash = receipt.Hash;
        foreach (var key in keys.NewestFirst)
        {
            var (first, last) = receipt.Ids(key);
            if (
                await FindAsync(
                    db => db.Ratings.Where(r => r.Id >= first && r.Id <= last && r.ReceiptHash == hash),
                    ct
                ) is
                { } stored
            )
                return stored;
        }
        return null;
    }

    private async Task<StoredRating?> FindAsync(Func<ServiceEvalDb, IQueryable<Rating>> which, CancellationToken ct)
    {
        try
        {
            return await ReadAsync(which, ct).WaitAsync(Patience, ct);
        }
        catch (Exception e) when (e is DbException or TimeoutException)
        {
            throw new OutcomeUnknownException("The database cannot be read.", e);
        }
    }

    private async Task<StoredRating?> ReadAsync(Func<ServiceEvalDb, IQueryable<Rating>> which, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var found = await which(db)
            .AsNoTracking()
            .Join(db.LedgerBlocks, r => r.Block, b => b.Sequence, (rating, block) => new { rating, block.Hash })
            .FirstOrDefaultAsync(ct);
        if (found is null)
            return null;

        var state = new RatingState(found.rating)
        {
            Correction = await db
                .Corrections.AsNoTracking()
                .FirstOrDefaultAsync(c => c.RatingId == found.rating.Id, ct),
        };
        await foreach (
            var detail in db
                .RatingDetails.AsNoTracking()
                .Where(d => d.RatingId == found.rating.Id)
                .AsAsyncEnumerable()
                .WithCancellation(ct)
        )
            state.Add(detail);
        return new StoredRating(state, new BlockReference(found.rating.Block, found.Hash));
    }
}

/// <param name="Block">The block that contains the rating itself.</param>
public sealed record StoredRating(RatingState State, BlockReference Block);
