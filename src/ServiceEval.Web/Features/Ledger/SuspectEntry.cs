using ServiceEval.Core.Ledger;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>An entry of a suspect block.</summary>
/// <param name="Kept">The leaf in its column; null if the column holds no hash.</param>
/// <param name="Computed">The leaf computed from its other columns.</param>
/// <param name="Key">The row itself if it is a ledger key.</param>
/// <param name="Placed">Whether its leaf is the one in the place that it claims.</param>
internal sealed record SuspectEntry(
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
    public static SuspectEntry Of(in Entry entry, bool placed)
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
