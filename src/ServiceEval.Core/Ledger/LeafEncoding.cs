using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Core.Ledger;

/// <summary>
/// The canonical encodings that the ledger hashes. FORMAT.md in this folder states every byte, and test-vectors.json
/// has known answers. The format never changes. A new format gets a new version byte.
/// </summary>
public static class LeafEncoding
{
    /// <summary>The version of a block whose hash is SHA-256 and whose leaves have version 1.</summary>
    public const byte Sha256 = 1;

    private const byte LeafPrefix = 0x00;
    private const byte BlockPrefix = 0x02;
    private const byte CommitmentPrefix = 0x03;
    private const byte SignaturePrefix = 0x04;

    /// <summary>
    /// The version of all leaves. A block states it together with its digest (<see cref="LedgerBlock.Algorithm"/>).
    /// </summary>
    private const byte Version = 1;

    public static byte[] Of(Rating rating)
    {
        var leaf = new Writer(stackalloc byte[128], EntryNumber.Rating);
        leaf.Id(rating.Id);
        leaf.Int(rating.WindowId);
        leaf.Int(rating.DepartmentId);
        leaf.Byte((byte)rating.Tier);
        leaf.Byte((byte)rating.Channel);
        leaf.Byte((byte)rating.Grade);
        leaf.Time(rating.GivenAt);
        leaf.Int(rating.LocalDate.DayNumber);
        leaf.Byte(rating.LocalHour);
        leaf.Time(rating.ReceivedAt);
        leaf.Bytes(rating.ReceiptHash);
        return leaf.Hash();
    }

    public static byte[] Of(Correction correction)
    {
        var leaf = new Writer(stackalloc byte[64], EntryNumber.Correction);
        leaf.Id(correction.RatingId);
        leaf.Byte((byte)correction.ReplacedGrade);
        leaf.Byte((byte)correction.Grade);
        leaf.Time(correction.CorrectedAt);
        return leaf.Hash();
    }

    public static byte[] Of(RatingDetail detail)
    {
        var tags = Encoding.UTF8.GetBytes(detail.Tags);
        var leaf = new Writer(new byte[128 + tags.Length], EntryNumber.Detail);
        leaf.Id(detail.RatingId);
        leaf.Byte((byte)detail.Grade);
        leaf.Int(detail.ItemId);
        leaf.Int(detail.DepartmentId);
        leaf.Int(tags.Length);
        leaf.Bytes(tags);
        leaf.Byte(detail.CommentCommitment is null ? (byte)0 : (byte)1);
        leaf.Bytes(detail.CommentCommitment);
        leaf.Time(detail.GivenAt);
        return leaf.Hash();
    }

    public static byte[] Of(LedgerKey key)
    {
        var name = Encoding.UTF8.GetBytes(key.Name);
        var leaf = new Writer(new byte[64 + key.PublicKey.Length + name.Length], EntryNumber.Key);
        leaf.Int(key.Id);
        leaf.Byte(key.Algorithm);
        leaf.Int(key.PublicKey.Length);
        leaf.Bytes(key.PublicKey);
        leaf.Int(name.Length);
        leaf.Bytes(name);
        leaf.Int(key.Replaces);
        leaf.Time(key.AdmittedAt);
        return leaf.Hash();
    }

    /// <summary>Returns a commitment to a text. It does not reveal the text once the salt is erased.</summary>
    public static byte[] Commit(byte[] salt, string text) =>
        SHA256.HashData([CommitmentPrefix, .. salt, .. Encoding.UTF8.GetBytes(text)]);

    public static byte[] BlockHash(
        long sequence,
        byte[] previousHash,
        byte[] root,
        int count,
        DateTimeOffset committedAt
    )
    {
        Span<byte> input = stackalloc byte[2 + 8 + 32 + 32 + 4 + 8];
        input[0] = BlockPrefix;
        input[1] = Sha256;
        BinaryPrimitives.WriteInt64BigEndian(input[2..], sequence);
        previousHash.CopyTo(input[10..]);
        root.CopyTo(input[42..]);
        BinaryPrimitives.WriteInt32BigEndian(input[74..], count);
        BinaryPrimitives.WriteInt64BigEndian(input[78..], committedAt.ToUnixTimeMilliseconds());
        return SHA256.HashData(input);
    }

    /// <summary>
    /// Returns the digest that a block's signature signs. No other digest in the ledger is computed in this way.
    /// </summary>
    public static byte[] SignedHash(byte[] blockHash) =>
        SHA256.HashData([SignaturePrefix, LedgerKey.EcdsaP256, .. blockHash]);

    /// <summary>Writes the bytes of a leaf.</summary>
    internal ref struct Writer
    {
        private readonly Span<byte> _buffer;
        private int _length;

        public Writer(Span<byte> buffer, EntryNumber kind)
        {
            _buffer = buffer;
            Byte(LeafPrefix);
            Byte(Version);
            Byte((byte)kind);
        }

        public void Byte(byte value) => _buffer[_length++] = value;

        public void Int(int value)
        {
            BinaryPrimitives.WriteInt32BigEndian(_buffer[_length..], value);
            _length += 4;
        }

        public void Time(DateTimeOffset value)
        {
            BinaryPrimitives.WriteInt64BigEndian(_buffer[_length..], value.ToUnixTimeMilliseconds());
            _length += 8;
        }

        public void Id(Guid value)
        {
            value.TryWriteBytes(_buffer[_length..], bigEndian: true, out var written);
            _length += written;
        }

        public void Bytes(ReadOnlySpan<byte> value)
        {
            value.CopyTo(_buffer[_length..]);
            _length += value.Length;
        }

        public readonly byte[] Hash() => SHA256.HashData(_buffer[.._length]);
    }
}
