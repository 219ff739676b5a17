using ServiceEval.Data.Ratings;

namespace ServiceEval.Data.Ledger;

/// <summary>Who signs one block, and which keys that block admits.</summary>
public sealed class Authorship
{
    private readonly LedgerAuthor? _author;
    private readonly SigningKey? _own;
    private readonly List<LedgerKey> _keys;
    private (SigningKey Key, int Id)? _signer;

    /// <param name="keys">All, in the order of their ids.</param>
    /// <param name="own">The key that is to sign from this block on.</param>
    /// <param name="signer">The key that may sign now; null if none of the author's is in force.</param>
    internal Authorship(
        LedgerAuthor? author,
        IReadOnlyList<LedgerKey> keys,
        SigningKey? own,
        (SigningKey Key, int Id)? signer
    ) => (_author, _keys, _own, _signer) = (author, [.. keys], own, signer);

    /// <summary>Of a ledger that nobody signs: those of programs before there were keys.</summary>
    public static Authorship None => new(null, [], null, null);

    /// <summary>Whether this author may sign the next block.</summary>
    public bool IsAdmitted => _signer is not null || _keys.Count == 0;

    /// <summary>Whether the author's newest key was in force once and no longer is.</summary>
    public bool IsEnded => _own is not null && _signer is null && IsKnown(_own.PublicKey);

    /// <summary>The key that is to sign; null for an author without any.</summary>
    public SigningKey? Own => _own;

    /// <summary>All keys there are with the block.</summary>
    public IReadOnlyList<LedgerKey> Keys => _keys;

    /// <summary>
    /// The author's own newest key, where the ledger does not have it yet; the first key of a ledger signs for itself.
    /// </summary>
    /// <exception cref="NotStoredException">The ledger has authors, and this is none of them.</exception>
    public LedgerKey? Introduce(DateTimeOffset now)
    {
        if (_own is null || IsKnown(_own.PublicKey))
            return null;
        if (_signer is null && _keys.Count > 0)
            throw NotAdmitted();
        var introduced = Add(_own.PublicKey, _author!.Name, _signer?.Id ?? 0, now);
        _signer ??= (_own, introduced.Id);
        return introduced;
    }

    /// <summary>Null if the ledger has this key already.</summary>
    public LedgerKey? Admit(AdmitKey request, DateTimeOffset now) =>
        IsKnown(request.PublicKey) ? null : Add(request.PublicKey, request.Name, 0, now);

    /// <summary>The author's own newest key signs for itself and ends all earlier keys.</summary>
    public LedgerKey? Renew(DateTimeOffset now)
    {
        if (_own is null || IsKnown(_own.PublicKey))
            return null;
        var renewed = Add(_own.PublicKey, _author!.Name, _keys.Count == 0 ? 0 : LedgerKey.Every, now);
        _signer = (_own, renewed.Id);
        return renewed;
    }

    /// <exception cref="NotStoredException">As above.</exception>
    public LedgerBlock Sign(LedgerBlock block)
    {
        if (_author is null)
            return block;
        if (_signer is not { } signer)
            throw NotAdmitted();
        return block.SignedBy(signer.Id, signer.Key);
    }

    private static NotStoredException NotAdmitted() => new("No ledger key of this node is admitted.");

    private bool IsKnown(byte[] publicKey) => _keys.Exists(k => k.PublicKey.AsSpan().SequenceEqual(publicKey));

    private LedgerKey Add(byte[] publicKey, string name, int replaces, DateTimeOffset now)
    {
        var key = LedgerKey.Of(_keys.Count + 1, publicKey, name, replaces, now);
        _keys.Add(key);
        return key;
    }
}
