using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ServiceEval.Core.Ledger;

/// <summary>
/// A request of a new node: an admitted node should add the new node's key to the ledger. The proof is computed from
/// the password with which both nodes log in to the database. The password is not in the database, so write access to
/// the tables alone admits no key.
/// </summary>
public sealed class LedgerKeyRequest
{
    // An attacker must not find a weak password faster from the proof than from the data that the database server
    // itself keeps.
    private const int Iterations = 300_000;

    /// <summary>The SHA-256 of the public key, hexadecimal.</summary>
    public required string Fingerprint { get; init; }
    public required byte[] PublicKey { get; init; }
    public required string Name { get; init; }

    /// <summary>The proof, 32 bytes.</summary>
    public required byte[] Proof { get; init; }

    public static LedgerKeyRequest Of(SigningKey key, string name, string password) =>
        new()
        {
            Fingerprint = LedgerKey.FingerprintOf(key.PublicKey),
            PublicKey = key.PublicKey,
            Name = name,
            Proof = Prove(key.PublicKey, name, password),
        };

    public bool IsProvenBy(string password) =>
        CryptographicOperations.FixedTimeEquals(Proof, Prove(PublicKey, Name, password));

    private static byte[] Prove(byte[] publicKey, string name, string password) =>
        Rfc2898DeriveBytes.Pbkdf2(
            password,
            SHA256.HashData([.. "ServiceEval ledger key request\0"u8, .. publicKey, .. Encoding.UTF8.GetBytes(name)]),
            Iterations,
            HashAlgorithmName.SHA256,
            32
        );
}

internal sealed class LedgerKeyRequestConfiguration : IEntityTypeConfiguration<LedgerKeyRequest>
{
    public void Configure(EntityTypeBuilder<LedgerKeyRequest> request)
    {
        request.ToTable("LedgerKeyRequests");
        request.HasKey(r => r.Fingerprint);
        request.Property(r => r.Fingerprint).HasMaxLength(64);
        request.Property(r => r.PublicKey).HasMaxLength(LedgerKey.PublicKeyLength);
        request.Property(r => r.Name).HasMaxLength(LedgerKey.MaxName);
        request.Property(r => r.Proof).HasMaxLength(32).IsFixedLength();
    }
}
