namespace ServiceEval.Data.Ledger;

/// <summary>
/// A row that a ledger block commits to; it keeps its place and leaf, so that verification can name the row.
/// </summary>
public interface ILedgerEntry
{
    /// <summary>Sequence of its block, from 1.</summary>
    long Block { get; set; }

    /// <summary>Place in its block, from 0.</summary>
    int Index { get; set; }

    /// <summary>SHA-256 of its canonical encoding, 32 bytes.</summary>
    byte[] Leaf { get; }
}
