using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>Whether the ring of ticket keys is the one that gave the stored receipts: one of them, recomputed, tells.</summary>
internal static class ReceiptProbe
{
    public const string Table = "TicketKeys";

    /// <summary>Ids of tickets are of version 7 and so begin with their time. These are of the years 2023 to 2040; imported ones lie anywhere.</summary>
    private static readonly byte[] First = [0x01, 0x85, .. new byte[14]];
    private static readonly Guid Last = new("02080000-0000-0000-0000-000000000000");

    /// <param name="ring">Empty: nobody has it here, and nothing is said against it.</param>
    public static async Task<bool> FitsAsync(ILedgerReader reader, IReadOnlyList<TicketKey> ring, CancellationToken ct)
    {
        if (ring.Count == 0) return true;
        var after = First;
        while (true)
        {
            var page = await reader.RatingsAfterAsync(after, ct);
            foreach (var (rating, isLegible, _) in page.Rows)
            {
                if (rating.Id.CompareTo(Last) > 0) return true;
                if (isLegible && rating.Id.Version == 7 && rating.Tier != Tier.Imported) return ring.Any(key => Receipt.Of(key, rating.Id).Hash.AsSpan().SequenceEqual(rating.ReceiptHash));
            }
            if (page.Last is not { } last) return true;
            after = last;
        }
    }
}
