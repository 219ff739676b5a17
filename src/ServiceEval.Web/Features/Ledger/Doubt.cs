using ServiceEval.Data.Ledger;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>An entry of a block that is looked at again.</summary>
/// <param name="Kept">The leaf its column has; null if that is no hash.</param>
/// <param name="Computed">The leaf its other columns give.</param>
/// <param name="Key">The row itself, if it is a key's.</param>
/// <param name="Placed">Its leaf is the one that stands in the place it claims.</param>
internal sealed record Doubt(
    string Table,
    string Id,
    long Block,
    int Index,
    byte[]? Kept,
    byte[] Computed,
    bool Altered,
    bool Placed,
    LedgerKey? Key = null
)
{
    public static Doubt Of(in Entry entry, bool placed)
    {
        var row = entry.Row;
        var kept = row.Leaf.Length == 32 ? row.Leaf : null;
        return new(
            entry.Table,
            entry.Id,
            row.Block,
            row.Index,
            kept,
            entry.Computed,
            entry.Altered,
            placed,
            row as LedgerKey
        );
    }
}
