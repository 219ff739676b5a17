using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ServiceEval.Data.Ledger;

/// <summary>One group commit of entries: their Merkle root, chained to the block before, and signed.</summary>
public sealed class LedgerBlock
{
    /// <summary>From 1, without a gap.</summary>
    public long Sequence { get; init; }

    /// <summary>1: SHA-256. Another digest (SM3) would be another number.</summary>
    public byte Algorithm { get; init; }

    /// <summary>RFC 9162 tree head over the leaves in order of their index, 32 bytes.</summary>
    public required byte[] Root { get; init; }
    public int Count { get; init; }
    public DateTimeOffset CommittedAt { get; init; }

    /// <summary>Over sequence, the previous block's hash, root, count and commit time, 32 bytes.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>
    /// Of the <see cref="LedgerKey"/> that signed; null, as the signature, in a block from before the ledger's first
    /// key.
    /// </summary>
    public int? KeyId { get; init; }

    /// <summary>Over the hash, 64 bytes (<see cref="LeafEncoding.SignedHash"/>).</summary>
    public byte[]? Signature { get; init; }

    public LedgerBlock SignedBy(int keyId, SigningKey key) =>
        new()
        {
            Sequence = Sequence,
            Algorithm = Algorithm,
            Root = Root,
            Count = Count,
            CommittedAt = CommittedAt,
            Hash = Hash,
            KeyId = keyId,
            Signature = key.Sign(Hash),
        };

    /// <summary>Seals leaves into the block after <paramref name="previous"/>.</summary>
    public static LedgerBlock Seal(LedgerHead previous, IReadOnlyList<byte[]> leaves, DateTimeOffset committedAt)
    {
        var sequence = previous.Sequence + 1;
        var root = MerkleTree.Root(leaves);
        var time = committedAt.ToMilliseconds();
        return new LedgerBlock
        {
            Sequence = sequence,
            Algorithm = LeafEncoding.Sha256,
            Root = root,
            Count = leaves.Count,
            CommittedAt = time,
            Hash = LeafEncoding.BlockHash(sequence, previous.Hash, root, leaves.Count, time),
        };
    }
}

/// <summary>The one row that every commit locks first: the last block's sequence and hash.</summary>
public sealed class LedgerHead
{
    public const int OnlyId = 1;

    public int Id { get; init; } = OnlyId;

    /// <summary>0 before the first block.</summary>
    public long Sequence { get; set; }
    public byte[] Hash { get; set; } = new byte[32];

    /// <summary>
    /// When the last block was committed; a writer reads it from the block, the head's row has it not.
    /// </summary>
    public DateTimeOffset? CommittedAt { get; init; }
}

internal sealed class LedgerConfiguration : IEntityTypeConfiguration<LedgerBlock>, IEntityTypeConfiguration<LedgerHead>
{
    public void Configure(EntityTypeBuilder<LedgerBlock> block)
    {
        block.ToTable("LedgerBlocks");
        block.HasKey(b => b.Sequence);
        block.Property(b => b.Sequence).ValueGeneratedNever();
        block.Property(b => b.Root).HasMaxLength(32).IsFixedLength();
        block.Property(b => b.Hash).HasMaxLength(32).IsFixedLength();
        block.Property(b => b.Signature).HasMaxLength(64).IsFixedLength();
    }

    public void Configure(EntityTypeBuilder<LedgerHead> head)
    {
        head.ToTable("LedgerHead");
        head.Property(h => h.Id).ValueGeneratedNever();
        head.Ignore(h => h.CommittedAt);
        head.Property(h => h.Hash).HasMaxLength(32).IsFixedLength();
        head.HasData(new LedgerHead());
    }
}
