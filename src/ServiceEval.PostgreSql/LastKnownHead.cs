using ServiceEval.Core.Ledger;

namespace ServiceEval.PostgreSql;

/// <summary>
/// The ledger head that this store's last commit left. It is only a guess of the present head (optimistic concurrency).
/// A commit that uses the guess must let the database compare it under the lock.
/// </summary>
internal sealed class LastKnownHead(TimeProvider time)
{
    /// <summary>
    /// The maximum age of a guess. After a longer pause speed does not matter, and the connection may be gone. A commit
    /// in one trip that is lost has an unknown outcome.
    /// </summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private LeftHead? _left;
    private long _leftAt;
    private bool _isAlone;

    /// <summary>The head that the next commit may assume; null if there is no good guess.</summary>
    public LeftHead? Guess => _isAlone && time.GetElapsedTime(_leftAt) <= Fresh ? _left : null;

    /// <summary>
    /// Takes the head that was read under the lock. If it is the head that this store left, no other node seems to
    /// commit.
    /// </summary>
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

/// <param name="Keys">All keys of the ledger that ends with this head. Every change of the keys moves the head.</param>
internal sealed record LeftHead(LedgerHead Head, IReadOnlyList<LedgerKey> Keys);
