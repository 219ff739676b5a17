namespace ServiceEval.Core.Storage;

/// <summary>
/// Reads that must all see the same state of the database, such as the ledger head and the tallies up to that head.
/// </summary>
public interface IReadSnapshot
{
    /// <summary>
    /// Runs <paramref name="read"/> on a context that sees one state of the database. The reads never wait for writers.
    /// </summary>
    Task<T> ReadAsync<T>(Func<ServiceEvalDb, CancellationToken, Task<T>> read, CancellationToken ct);
}
