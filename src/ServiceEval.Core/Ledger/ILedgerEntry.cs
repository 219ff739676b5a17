namespace ServiceEval.Core.Ledger;

/// <summary>
/// A row that a ledger block commits to. The row stores its place and its leaf, so that verification can name the row.
/// </summary>
public interface ILedgerEntry
{
    /// <summary>The sequence of the entry's block, from 1.</summary>
    long Block { get; set; }

    /// <summary>The place of the entry in its block, from 0.</summary>
    int Index { get; set; }

    /// <summary>The SHA-256 of the entry's canonical encoding, 32 bytes.</summary>
    byte[] Leaf { get; }
}
