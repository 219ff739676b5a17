using ServiceEval.Core.Ledger;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>An entry of a suspect block.</summary>
/// <param name="Kept">The leaf in its column; null if the column holds no hash.</param>
/// <param name="Computed">The leaf computed from its other columns.</param>
/// <param name="Row">The row itself.</param>
/// <param name="Placed">Whether its leaf is the one in the place that it claims.</param>
internal sealed record SuspectEntry(
    EntryKind Kind,
    string Id,
    long Block,
    int Index,
    byte[]? Kept,
    byte[] Computed,
    bool Altered,
    bool Placed,
    ILedgerEntry? Row = null
)
{
    public string Table => Kind.Table;

    /// <summary>The row if it is a key; otherwise null.</summary>
    public LedgerKey? Key => Row as LedgerKey;

    public static SuspectEntry Of(in Entry entry, bool placed)
    {
        var row = entry.Row;
        var kept = row.Leaf.Length == 32 ? row.Leaf : null;
        return new(entry.Kind, entry.Id, row.Block, row.Index, kept, entry.Computed, entry.Altered, placed, row);
    }
}
