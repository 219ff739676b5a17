using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// Checks whether a ring of ticket keys is the ring that gave the stored receipts. It computes a few receipts again and
/// compares them.
/// </summary>
internal static class ReceiptProbe
{
    /// <summary>
    /// The number of receipts that are compared. There is more than one, because a single forged rating must not make
    /// the right keys look foreign.
    /// </summary>
    private const int Receipts = 10;

    /// <returns>Whether the ring fits. The result is true also if the ring is empty, or if no rating was given with a
    /// ticket.</returns>
    public static async Task<bool> FitsAsync(
        IReadSnapshot snapshot,
        IReadOnlyList<TicketKey> ring,
        CancellationToken ct
    )
    {
        if (ring.Count == 0)
            return true;
        var first = await snapshot.ReadAsync(
            (db, token) =>
                db
                    .Ratings.Where(r => r.Tier != Tier.Imported)
                    .OrderBy(r => r.Id)
                    .Take(Receipts)
                    .Select(r => new { r.Id, r.ReceiptHash })
                    .ToListAsync(token),
            ct
        );
        return first.Count == 0
            || first.Any(r => ring.Any(key => Receipt.Of(key, r.Id).Hash.AsSpan().SequenceEqual(r.ReceiptHash)));
    }
}
