using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ServiceEval.Core.Storage;

namespace ServiceEval.Core.Ledger;

/// <summary>
/// The public key of a node that signs blocks. The private key is in a file of the node and in no database.
/// </summary>
public sealed class LedgerKey : ILedgerEntry
{
    /// <summary>ECDSA on P-256 over SHA-256. A signature is r and s of 32 bytes each (IEEE P1363).</summary>
    public const byte EcdsaP256 = 1;

    /// <summary>
    /// The value of <see cref="Replaces"/> for a key that replaces all earlier keys. Such a key was admitted openly
    /// without the signature of an earlier key. No earlier key signs a block after it.
    /// </summary>
    public const int Every = -1;

    public const int MaxName = 64;
    public const int PublicKeyLength = 91;

    /// <summary>The number of the key, from 1 without a gap. A block names its signer by this number.</summary>
    public int Id { get; init; }
    public byte Algorithm { get; init; }

    /// <summary>The SubjectPublicKeyInfo (RFC 5480) in DER: 91 bytes for a point on P-256.</summary>
    public byte[] PublicKey { get; init; } = [];

    /// <summary>The machine of the key's node, for people to read.</summary>
    public string Name { get; init; } = "";

    /// <summary>
    /// The id of the key that this key replaces; 0 for none. The replaced key signs no block after the block of this
    /// entry.
    /// </summary>
    public int Replaces { get; init; }
    public DateTimeOffset AdmittedAt { get; init; }
    public long Block { get; set; }
    public int Index { get; set; }
    public byte[] Leaf { get; set; } = [];

    public string Fingerprint => FingerprintOf(PublicKey);

    /// <summary>Returns the SHA-256 of the public key, hexadecimal. People compare and keep this value.</summary>
    public static string FingerprintOf(byte[] publicKey) => Convert.ToHexStringLower(SHA256.HashData(publicKey));

    public static LedgerKey Of(int id, byte[] publicKey, string name, int replaces, DateTimeOffset admittedAt)
    {
        var key = new LedgerKey
        {
            Id = id,
            Algorithm = EcdsaP256,
            PublicKey = publicKey,
            Name = name.Length > MaxName ? name[..MaxName] : name,
            Replaces = replaces,
            AdmittedAt = admittedAt.ToMilliseconds(),
        };
        key.Leaf = LeafEncoding.Of(key);
        return key;
    }

    /// <summary>
    /// Returns true if the block's signature is from this key. No value of the two rows makes it throw.
    /// </summary>
    public bool HasSigned(LedgerBlock block)
    {
        if (Algorithm != EcdsaP256 || block.Signature is not { Length: 64 } signature)
            return false;
        using var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(PublicKey, out _);
            var signed = LeafEncoding.SignedHash(block.Hash);
            return key.VerifyHash(signed, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Returns the keys that may sign the next block.</summary>
    /// <param name="keys">All keys in the order of their ids.</param>
    public static List<LedgerKey> InForce(IEnumerable<LedgerKey> keys)
    {
        var inForce = new List<LedgerKey>();
        foreach (var key in keys)
        {
            if (key.Replaces == Every)
                inForce.Clear();
            else
                inForce.RemoveAll(k => k.Id == key.Replaces);
            inForce.Add(key);
        }
        return inForce;
    }
}

internal sealed class LedgerKeyConfiguration : IEntityTypeConfiguration<LedgerKey>
{
    public void Configure(EntityTypeBuilder<LedgerKey> key)
    {
        key.ToTable("LedgerKeys");
        key.Property(k => k.Id).ValueGeneratedNever();
        key.Property(k => k.PublicKey).HasMaxLength(LedgerKey.PublicKeyLength);
        key.Property(k => k.Name).HasMaxLength(LedgerKey.MaxName);
        key.Property(k => k.Leaf).HasMaxLength(32).IsFixedLength();
        key.Ignore(k => k.Fingerprint);
    }
}
