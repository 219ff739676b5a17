using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>A row that does not give its own leaf, or stands where there is no place for it.</summary>
/// <param name="Kept">The leaf its column has; null if that is no hash.</param>
/// <param name="Computed">The leaf its other columns give, stand-ins and all: one that is wrong fits no root.</param>
/// <param name="Altered">Its columns don't give its leaf, or one that no leaf covers is not as it was.</param>
/// <param name="Placed">Its leaf is the one that stands in the place it claims.</param>
internal sealed record Doubt(string Table, string Id, long Block, int Index, byte[]? Kept, byte[] Computed, bool Altered, bool Placed)
{
    public const string Ratings = "Ratings";
    public const string Corrections = "Corrections";
    public const string Details = "RatingDetails";
    public const string Keys = "LedgerKeys";

    // Standings follow from adjudications, and there are none yet.
    public static Doubt? Of(in Stored<Rating> stored, Places? places) =>
        Of(Ratings, stored.Row.Id, stored, LeafEncoding.Of(stored.Row), stored.Row.Standing == Standing.Counted, places);

    public static Doubt? Of(in Stored<Correction> stored, Places? places) =>
        Of(Corrections, stored.Row.RatingId, stored, LeafEncoding.Of(stored.Row), true, places);

    public static Doubt? Of(in Stored<RatingDetail> stored, Places? places) =>
        Of(Details, stored.Row.RatingId, stored, LeafEncoding.Of(stored.Row), BindsItsComment(stored.Row), places);

    public static Doubt? Of(in Stored<LedgerKey> stored, Places? places)
    {
        var doubt = Of(Keys, Guid.Empty, stored, LeafEncoding.Of(stored.Row), true, places);
        return doubt is null ? null : doubt with { Id = stored.Row.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) };
    }

    /// <summary>Puts the row in its place; null if it has one and nothing about it is wrong. Without places: whatever it is.</summary>
    private static Doubt? Of<T>(string table, Guid id, in Stored<T> stored, byte[] computed, bool sound, Places? places) where T : ILedgerEntry
    {
        var row = stored.Row;
        var altered = !stored.Legible || !sound || !row.Leaf.AsSpan().SequenceEqual(computed);
        var placed = places is not null && places.Take(row.Block, row.Index, row.Leaf);
        if (placed && !altered) return null;
        return new Doubt(
            table, stored.OddKey ?? id.ToString(), row.Block, row.Index, row.Leaf.Length == 32 ? row.Leaf : null, computed,
            altered, placed);
    }

    // Until erasures are entries of their own, a commitment without the text it binds is a text taken away.
    private static bool BindsItsComment(RatingDetail detail) => detail switch
    {
        { Comment: null, CommentSalt: null, CommentCommitment: null } => true,
        { Comment: { } comment, CommentSalt: { } salt, CommentCommitment: { } commitment } =>
            LeafEncoding.Commit(salt, comment).AsSpan().SequenceEqual(commitment),
        _ => false,
    };
}
