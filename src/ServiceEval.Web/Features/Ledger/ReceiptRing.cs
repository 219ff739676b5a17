using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Tells whether a ticket key gives a rating's receipt. A person without the keys cannot invent a receipt.
/// </summary>
/// <param name="keys">The ticket keys. Their ids count up from 1, and their times increase with the ids.</param>
public sealed class ReceiptRing(IReadOnlyList<TicketKey> keys)
{
    /// <summary>Returns null for a rating without a receipt, or with columns that make no sense.</summary>
    public bool? Fits(Rating rating)
    {
        if (rating.Tier == Tier.Imported || rating.Id.Version != 7 || rating.ReceiptHash.Length != 32)
            return null;
        // The key that signed the ticket is nearly always the newest key from before the rating, so this key is tried
        // first.
        var first = keys.Count - 1;
        while (first > 0 && keys[first].CreatedAt > rating.ReceivedAt)
            first--;
        for (var i = first; i >= 0; i--)
            if (Gives(keys[i], rating))
                return true;
        for (var i = first + 1; i < keys.Count; i++)
            if (Gives(keys[i], rating))
                return true;
        return false;
    }

    private static bool Gives(TicketKey key, Rating rating) =>
        Receipt.Of(key, rating.Id).Hash.AsSpan().SequenceEqual(rating.ReceiptHash);
}
