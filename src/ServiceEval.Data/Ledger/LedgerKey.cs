using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ServiceEval.Data.Ledger;

/// <summary>A public key that signs blocks. Its private key is in a file of its node's and in no database.</summary>
public sealed class LedgerKey : ILedgerEntry
{
    /// <summary>ECDSA on P-256 over SHA-256, a signature as r and s of 32 bytes each (IEEE P1363).</summary>
    public const byte EcdsaP256 = 1;

    /// <summary>
    /// In <see cref="Replaces"/>: an author made openly without a former key's signature; no earlier key signs after
    /// it.
    /// </summary>
    public const int Every = -1;

    public const int MaxName = 64;
    public const int PublicKeyLength = 91;

    /// <summary>From 1, without a gap; a block names its signer by it.</summary>
    public int Id { get; init; }
    public byte Algorithm { get; init; }

    /// <summary>A SubjectPublicKeyInfo (RFC 5480), DER: 91 bytes for a point on P-256.</summary>
    public byte[] PublicKey { get; init; } = [];

    /// <summary>The machine of its node, for people.</summary>
    public string Name { get; init; } = "";

    /// <summary>The key that signs no block after the one that keeps this entry; 0 for none.</summary>
    public int Replaces { get; init; }
    public DateTimeOffset AdmittedAt { get; init; }
    public long Block { get; set; }
    public int Index { get; set; }
    public byte[] Leaf { get; set; } = [];

    public string Fingerprint => FingerprintOf(PublicKey);

    /// <summary>SHA-256 of the public key, hex: what people compare and keep.</summary>
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

    /// <summary>Whether the block's signature is this key's. No value of the two rows makes it throw.</summary>
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

    /// <summary>Those that may sign the next block.</summary>
    /// <param name="keys">All, in the order of their ids.</param>
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
