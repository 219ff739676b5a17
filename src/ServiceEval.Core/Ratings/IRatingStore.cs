using ServiceEval.Core.Ledger;

namespace ServiceEval.Core.Ratings;

/// <summary>The one hot transaction. Each database implements it in its own way.</summary>
public interface IRatingStore
{
    /// <summary>
    /// Appends the new entries as one ledger block, in one durable transaction under the lock on the ledger head.
    /// Returns one result for each request, in the same order.
    /// </summary>
    /// <exception cref="NotStoredException">Nothing of the batch was stored.</exception>
    /// <exception cref="OutcomeUnknownException">The store could not find out whether the commit succeeded.</exception>
    Task<CommitResult> CommitAsync(IReadOnlyList<LogRequest> requests, CancellationToken ct);
}

/// <param name="Results">One result for each request, in the same order.</param>
/// <param name="Head">The new ledger head; null if nothing was appended.</param>
/// <param name="WindowIds">The windows whose tallies changed.</param>
public sealed record CommitResult(
    IReadOnlyList<LogResult> Results,
    BlockReference? Head,
    IReadOnlyCollection<int> WindowIds
);

/// <summary>The database refused the commit, was locked, or was full. Nothing of the batch was stored.</summary>
public sealed class NotStoredException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True if another writer held the lock. A later attempt may succeed.</summary>
    public bool IsLocked { get; init; }
}

/// <summary>
/// The connection broke during the commit, and a query to the database did not settle whether the commit succeeded.
/// </summary>
public sealed class OutcomeUnknownException(string message, Exception inner) : Exception(message, inner);
