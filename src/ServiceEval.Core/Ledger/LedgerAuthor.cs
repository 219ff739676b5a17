namespace ServiceEval.Core.Ledger;

/// <summary>
/// This process as an author of blocks. Its private keys are in no database. The newest key should sign.
/// </summary>
/// <param name="name">The name of this machine, for people to read.</param>
/// <param name="load">Reads the key ring. The newest key is the last one. The argument is true if the ledger has an
/// author already. If it is false, the function may make the first key.</param>
public sealed class LedgerAuthor(string name, Func<bool, IReadOnlyList<SigningKey>> load)
{
    private volatile IReadOnlyList<SigningKey>? _ring;

    public string Name => name;

    /// <summary>
    /// Forgets the key ring, because the stored ring was changed. The ring is read again for the next block.
    /// </summary>
    public void Forget() => _ring = null;

    /// <summary>Returns what the author may do on a ledger that has these keys.</summary>
    /// <param name="keys">All keys in the order of their ids, as they are under the lock on the ledger.</param>
    public Authorship Over(IReadOnlyList<LedgerKey> keys)
    {
        var ring = _ring ??= load(keys.Count > 0);
        var signer = SignerOf(ring, keys);
        if (signer is null && keys.Count > 0)
        {
            // Another process that uses the same key file may have replaced the key.
            _ring = ring = load(true);
            signer = SignerOf(ring, keys);
        }
        return new Authorship(this, keys, ring[^1], signer);
    }

    private static (SigningKey Key, int Id)? SignerOf(IReadOnlyList<SigningKey> ring, IReadOnlyList<LedgerKey> keys)
    {
        var inForce = LedgerKey.InForce(keys);
        foreach (var key in ring.Reverse())
        {
            if (inForce.Find(k => k.PublicKey.AsSpan().SequenceEqual(key.PublicKey)) is { } admitted)
                return (key, admitted.Id);
        }
        return null;
    }
}
