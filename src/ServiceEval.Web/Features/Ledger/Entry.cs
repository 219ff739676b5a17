using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>A row that says it is in the ledger.</summary>
/// <param name="OddKey">As in <see cref="Stored{T}"/>, or the key of a table whose keys are no ids.</param>
/// <param name="Computed">The leaf its columns give, stand-ins and all: one that is wrong fits no root.</param>
/// <param name="Altered">Its columns don't give its leaf, or one that no leaf covers is not as it was.</param>
/// <param name="ReceiptFits">Of a rating: whether a ticket key gives its receipt; null where there is none to give, or
/// no key.</param>
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

    // Standings follow from adjudications, and there are none yet.
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

    // Until erasures are entries of their own, a commitment without the text it binds is a text taken away.
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
