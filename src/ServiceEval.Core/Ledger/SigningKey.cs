using System.Security.Cryptography;

namespace ServiceEval.Core.Ledger;

/// <summary>A node's private key. It signs blocks.</summary>
public sealed class SigningKey : IDisposable
{
    private readonly ECDsa _key;
    private readonly Lock _lock = new();

    private SigningKey(ECDsa key) => (_key, PublicKey) = (key, key.ExportSubjectPublicKeyInfo());

    public byte[] PublicKey { get; }

    public string Fingerprint => LedgerKey.FingerprintOf(PublicKey);

    public static SigningKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <param name="pkcs8">The bytes that <see cref="Export"/> returned.</param>
    /// <exception cref="CryptographicException">The bytes are not a private key on P-256.</exception>
    public static SigningKey Import(byte[] pkcs8)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(pkcs8, out _);
            if (key.KeySize != 256)
                throw new CryptographicException("The key is not on P-256.");
            return new SigningKey(key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    public byte[] Export() => _key.ExportPkcs8PrivateKey();

    /// <param name="blockHash">The hash of the block, 32 bytes.</param>
    /// <returns>The signature: r and s, 64 bytes.</returns>
    public byte[] Sign(byte[] blockHash)
    {
        // A commit of ratings and the admission of a new node may sign at the same time. .NET does not promise that one
        // instance is thread-safe.
        lock (_lock)
            return _key.SignHash(
                LeafEncoding.SignedHash(blockHash),
                DSASignatureFormat.IeeeP1363FixedFieldConcatenation
            );
    }

    public void Dispose() => _key.Dispose();
}
