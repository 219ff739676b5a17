namespace ServiceEval.Data.Ledger;

/// <summary>Where an entry is kept: its block's sequence and hash.</summary>
public readonly record struct BlockReference(long Sequence, byte[] Hash);
