namespace ServiceEval.Data.Ledger;

/// <summary>
/// This process as an author of blocks. Its private keys are in no database; the newest of them is the one to sign.
/// </summary>
/// <param name="name">Of this machine, for people.</param>
/// <param name="load">Reads the ring of keys, the newest last. Told whether the ledger has an author already; if not,
/// it may make the first key.</param>
public sealed class LedgerAuthor(string name, Func<bool, IReadOnlyList<SigningKey>> load)
{
    private volatile IReadOnlyList<SigningKey>? _ring;

    public string Name => name;

    /// <summary>The ring was changed where it is kept, and is read again with the next block.</summary>
    public void Forget() => _ring = null;

    /// <summary>What the author may do on a ledger that has these keys.</summary>
    /// <param name="keys">All, in the order of their ids, as they stand under the ledger's lock.</param>
    public Authorship Over(IReadOnlyList<LedgerKey> keys)
    {
        var ring = _ring ??= load(keys.Count > 0);
        var signer = SignerOf(ring, keys);
        if (signer is null && keys.Count > 0)
        {
            // Another process on the same key file may have replaced the key since.
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
