using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ServiceEval.Core.Storage;

namespace ServiceEval.Core.Ledger;

/// <summary>
/// One group commit of entries. It holds their Merkle root, its hash includes the hash of the block before, and it is
/// signed.
/// </summary>
public sealed class LedgerBlock
{
    /// <summary>The number of the block, from 1 without a gap.</summary>
    public long Sequence { get; init; }

    /// <summary>
    /// The version of the block: 1 means SHA-256 and leaves of version 1 (FORMAT.md). Another digest (SM3) or another
    /// leaf version gets another number.
    /// </summary>
    public byte Algorithm { get; init; }

    /// <summary>The RFC 9162 tree head over the leaves in the order of their index, 32 bytes.</summary>
    public required byte[] Root { get; init; }
    public int Count { get; init; }
    public DateTimeOffset CommittedAt { get; init; }

    /// <summary>
    /// The hash over the sequence, the previous block's hash, the root, the count and the commit time, 32 bytes.
    /// </summary>
    public required byte[] Hash { get; init; }

    /// <summary>
    /// The id of the <see cref="LedgerKey"/> that signed the block. The id and the signature are null in a block from
    /// before the first key of the ledger.
    /// </summary>
    public int? KeyId { get; init; }

    /// <summary>The signature over the hash, 64 bytes (<see cref="LeafEncoding.SignedHash"/>).</summary>
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

    /// <summary>Seals the leaves into the block after <paramref name="previous"/>.</summary>
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

/// <summary>The one row that every commit locks first. It holds the sequence and the hash of the last block.</summary>
public sealed class LedgerHead
{
    public const int OnlyId = 1;

    public int Id { get; init; } = OnlyId;

    /// <summary>The sequence of the last block; 0 before the first block.</summary>
    public long Sequence { get; set; }
    public byte[] Hash { get; set; } = new byte[32];

    /// <summary>
    /// The commit time of the last block. A writer reads it from the block, because the row of the head does not store
    /// it.
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
