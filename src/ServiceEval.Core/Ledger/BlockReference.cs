namespace ServiceEval.Core.Ledger;

/// <summary>The place of an entry: the sequence and the hash of its block.</summary>
public readonly record struct BlockReference(long Sequence, byte[] Hash);
