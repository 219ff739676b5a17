using ServiceEval.Data.Ledger;

namespace ServiceEval.Data.PostgreSql;

/// <summary>
/// The ledger's head as this store left it. A guess at what it is still, never more: whoever uses it has the database
/// compare under the lock.
/// </summary>
internal sealed class OwnHead(TimeProvider time)
{
    /// <summary>
    /// After a pause there is no hurry, and the connection may be gone: what is lost in one trip has a fate to be asked
    /// about.
    /// </summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private LeftHead? _left;
    private long _leftAt;
    private bool _isAlone;

    /// <summary>Null if there is no good guess.</summary>
    public LeftHead? Guess => _isAlone && time.GetElapsedTime(_leftAt) <= Fresh ? _left : null;

    /// <summary>Read under the lock; if it is as it was left, nobody else seems to commit.</summary>
    public void Found(LedgerHead head) =>
        _isAlone = head.Sequence == _left?.Head.Sequence && head.Hash.AsSpan().SequenceEqual(_left.Head.Hash);

    public void Leave(LedgerBlock block, IReadOnlyList<LedgerKey> keys)
    {
        var head = new LedgerHead
        {
            Sequence = block.Sequence,
            Hash = block.Hash,
            CommittedAt = block.CommittedAt,
        };
        (_left, _leftAt) = (new(head, keys), time.GetTimestamp());
    }
}

/// <param name="Keys">All of the ledger that ends so; whatever changes them moves the head.</param>
internal sealed record LeftHead(LedgerHead Head, IReadOnlyList<LedgerKey> Keys);
