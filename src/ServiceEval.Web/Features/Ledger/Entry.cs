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
    EntryKind Kind,
    Guid Key,
    string? OddKey,
    ILedgerEntry Row,
    byte[] Computed,
    bool Altered,
    bool? ReceiptFits = null
)
{
    public string Table => Kind.Table;

    public string Id => OddKey ?? Key.ToString();

    public static Entry Of<TRow>(EntryKind<TRow> kind, in Stored<TRow> stored, ReceiptRing? receipts)
        where TRow : class, ILedgerEntry
    {
        var row = stored.Row;
        var computed = kind.LeafOf(row);
        return new(
            kind,
            kind.RatingOf?.Invoke(row) ?? Guid.Empty,
            stored.OddKey ?? kind.NameOf?.Invoke(row),
            row,
            computed,
            Altered: !stored.Legible || !kind.IsSound(row) || !row.Leaf.AsSpan().SequenceEqual(computed),
            row is Rating rating ? receipts?.Fits(rating) : null
        );
    }
}
