using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>A row that claims to be in the ledger.</summary>
/// <param name="OddKey">The key as in <see cref="Stored{T}"/>, or the key of a table whose keys are not ids.</param>
/// <param name="Computed">The leaf computed from the columns, including stand-ins for unreadable values. If a value is
/// wrong, the leaf fits no root.</param>
/// <param name="Altered">Whether the columns do not give the stored leaf, or a column that no leaf covers was
/// changed.</param>
/// <param name="ReceiptFits">Whether a ticket key gives the rating's receipt; null if the row has no receipt or no
/// ticket key is available.</param>
internal readonly record struct Entry(
    string Table,
    Guid Key,
    string? OddKey,
    ILedgerEntry Row,
    byte[] Computed,
    bool Altered,
    bool? ReceiptFits = null
)
{
    public const string Ratings = "Ratings";
    public const string Corrections = "Corrections";
    public const string Details = "RatingDetails";
    public const string Keys = "LedgerKeys";

    public string Id => OddKey ?? Key.ToString();

    // Standings follow from adjudications. Adjudications do not exist yet, so every standing must be Counted.
    public static Entry Of(in Stored<Rating> stored, ReceiptRing? receipts) =>
        Of(Ratings, stored.Row.Id, stored, LeafEncoding.Of(stored.Row), stored.Row.Standing == Standing.Counted) with
        {
            ReceiptFits = receipts?.Fits(stored.Row),
        };

    public static Entry Of(in Stored<Correction> stored) =>
        Of(Corrections, stored.Row.RatingId, stored, LeafEncoding.Of(stored.Row), sound: true);

    public static Entry Of(in Stored<RatingDetail> stored) =>
        Of(Details, stored.Row.RatingId, stored, LeafEncoding.Of(stored.Row), BindsItsComment(stored.Row));

    public static Entry Of(in Stored<LedgerKey> stored)
    {
        var name = stored.OddKey ?? stored.Row.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Of(Keys, Guid.Empty, stored, LeafEncoding.Of(stored.Row), sound: true) with { OddKey = name };
    }

    private static Entry Of<T>(string table, Guid key, in Stored<T> stored, byte[] computed, bool sound)
        where T : ILedgerEntry =>
        new(
            table,
            key,
            stored.OddKey,
            stored.Row,
            computed,
            !stored.Legible || !sound || !stored.Row.Leaf.AsSpan().SequenceEqual(computed)
        );

    // Erasures are not entries yet. So a commitment without its text means that the text was removed.
    private static bool BindsItsComment(RatingDetail detail) =>
        detail switch
        {
            { Comment: null, CommentSalt: null, CommentCommitment: null } => true,
            { Comment: { } comment, CommentSalt: { } salt, CommentCommitment: { } commitment } => LeafEncoding
                .Commit(salt, comment)
                .AsSpan()
                .SequenceEqual(commitment),
            _ => false,
        };
}
