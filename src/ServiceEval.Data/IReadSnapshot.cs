namespace ServiceEval.Data;

/// <summary>Reads that must agree with each other, such as the ledger head and the tallies it covers.</summary>
public interface IReadSnapshot
{
    /// <summary>
    /// Runs <paramref name="read"/> on a context that sees one state of the database and never waits for writers.
    /// </summary>
    Task<T> ReadAsync<T>(Func<ServiceEvalDb, CancellationToken, Task<T>> read, CancellationToken ct);
}
