using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Says whether a rating's receipt is one that a ticket key gives: nobody without the keys can invent one.
/// </summary>
/// <param name="keys">Their ids count up from 1, and so do their times.</param>
public sealed class ReceiptRing(IReadOnlyList<TicketKey> keys)
{
    /// <summary>Null for a rating that has no receipt, or whose columns make no sense.</summary>
    public bool? Fits(Rating rating)
    {
        if (rating.Tier == Tier.Imported || rating.Id.Version != 7 || rating.ReceiptHash.Length != 32)
            return null;
        // The key that signed then is nearly always the newest from before, so it is tried first.
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
