using ServiceEval.Data.Ledger;

namespace ServiceEval.Data.Ratings;

/// <summary>The one hot transaction, in each database's own way.</summary>
public interface IRatingStore
{
    /// <summary>
    /// Appends what is new as one ledger block, in one durable transaction under the lock on the ledger head.
    /// Returns one result a request, in order.
    /// </summary>
    /// <exception cref="NotStoredException">Nothing of the batch was stored.</exception>
    /// <exception cref="OutcomeUnknownException">The commit's fate could not be found out.</exception>
    Task<CommitResult> CommitAsync(IReadOnlyList<LogRequest> requests, CancellationToken ct);
}

/// <param name="Results">One a request, in order.</param>
/// <param name="Head">The new ledger head; null when nothing was appended.</param>
/// <param name="WindowIds">The windows whose tallies changed.</param>
public sealed record CommitResult(
    IReadOnlyList<LogResult> Results,
    BlockReference? Head,
    IReadOnlyCollection<int> WindowIds
);

/// <summary>The database refused, was locked or full: nothing of the batch was stored.</summary>
public sealed class NotStoredException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Somebody else was writing: later it may go.</summary>
    public bool IsLocked { get; init; }
}

/// <summary>The connection broke at the commit, and asking the database did not settle what became of it.</summary>
public sealed class OutcomeUnknownException(string message, Exception inner) : Exception(message, inner);
