using ServiceEval.Core.Ratings;

namespace ServiceEval.Core.Ledger;

/// <summary>Decides which key signs one block, and which keys the block admits.</summary>
public sealed class Authorship
{
    private readonly LedgerAuthor? _author;
    private readonly SigningKey? _own;
    private readonly List<LedgerKey> _keys;
    private (SigningKey Key, int Id)? _signer;

    /// <param name="keys">All keys in the order of their ids.</param>
    /// <param name="own">The author's newest key. If the ledger does not have it yet, this block admits it.</param>
    /// <param name="signer">The key that may sign now; null if no key of the author is in force.</param>
    internal Authorship(
        LedgerAuthor? author,
        IReadOnlyList<LedgerKey> keys,
        SigningKey? own,
        (SigningKey Key, int Id)? signer
    ) => (_author, _keys, _own, _signer) = (author, [.. keys], own, signer);

    /// <summary>
    /// The authorship of a ledger without signatures. Programs wrote such ledgers before there were keys.
    /// </summary>
    public static Authorship None => new(null, [], null, null);

    /// <summary>True if this author may sign the next block.</summary>
    public bool IsAdmitted => _signer is not null || _keys.Count == 0;

    /// <summary>True if the author's newest key was in force once and no longer is.</summary>
    public bool IsEnded => _own is not null && _signer is null && IsKnown(_own.PublicKey);

    /// <summary>The author's newest key; null for an author without a key.</summary>
    public SigningKey? Own => _own;

    /// <summary>All keys of the ledger, including the keys that the block admits.</summary>
    public IReadOnlyList<LedgerKey> Keys => _keys;

    /// <summary>
    /// Admits the author's own newest key. Returns null if the ledger has this key already. The first key of a ledger
    /// signs for itself.
    /// </summary>
    /// <exception cref="NotStoredException">The ledger has keys, and none of this author's keys is in
    /// force.</exception>
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

    /// <summary>Admits the key of the request. Returns null if the ledger has this key already.</summary>
    public LedgerKey? Admit(AdmitKey request, DateTimeOffset now) =>
        IsKnown(request.PublicKey) ? null : Add(request.PublicKey, request.Name, 0, now);

    /// <summary>
    /// Admits the author's own newest key, which signs for itself and ends all earlier keys. Returns null if the ledger
    /// has this key already.
    /// </summary>
    public LedgerKey? Renew(DateTimeOffset now)
    {
        if (_own is null || IsKnown(_own.PublicKey))
            return null;
        var renewed = Add(_own.PublicKey, _author!.Name, _keys.Count == 0 ? 0 : LedgerKey.Every, now);
        _signer = (_own, renewed.Id);
        return renewed;
    }

    /// <exception cref="NotStoredException">No key of this author is in force.</exception>
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
