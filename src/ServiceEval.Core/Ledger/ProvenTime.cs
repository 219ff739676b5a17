using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Storage;

namespace ServiceEval.Core.Ledger;

/// <summary>
/// The present time as far as the ledger proves it: the machine's clock, but at most one day after the last block. A
/// clock may be years ahead, and what was compiled or removed by that clock cannot be undone.
/// </summary>
public sealed class ProvenTime(IDbContextFactory<ServiceEvalDb> databases, TimeProvider time)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromDays(1);

    private static readonly DateTimeOffset Latest = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Returns the proven time, or null before the first block. A time that our program never writes proves nothing.
    /// </summary>
    public async Task<DateTimeOffset?> NowAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return Of(await LastBlockAsync(db, ct), time.GetUtcNow());
    }

    /// <summary>Returns the proven time, read with a context that the caller owns.</summary>
    public static async Task<DateTimeOffset?> NowAsync(ServiceEvalDb db, DateTimeOffset now, CancellationToken ct) =>
        Of(await LastBlockAsync(db, ct), now);

    private static Task<DateTimeOffset?> LastBlockAsync(ServiceEvalDb db, CancellationToken ct) =>
        db
            .LedgerBlocks.OrderByDescending(b => b.Sequence)
            .Select(b =>
                b.CommittedAt >= DateTimeOffset.UnixEpoch && b.CommittedAt < Latest
                    ? (DateTimeOffset?)b.CommittedAt
                    : null
            )
            .FirstOrDefaultAsync(ct);

    private static DateTimeOffset? Of(DateTimeOffset? lastBlock, DateTimeOffset now) =>
        lastBlock is not { } last ? null
        : now - last > Tolerance ? last + Tolerance
        : now;
}
