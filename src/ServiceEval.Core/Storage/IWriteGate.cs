namespace ServiceEval.Core.Storage;

/// <summary>
/// The entrance for every write that is not a rating. SQLite allows one writer at a time, so on SQLite these writes
/// wait for their turn and use the writer's own connection. On a database server, each write has its own connection.
/// </summary>
public interface IWriteGate
{
    /// <summary>
    /// Runs <paramref name="write"/> on a context that nothing else uses during the call. The write must be short,
    /// because ratings wait for it.
    /// </summary>
    Task<T> WriteAsync<T>(Func<ServiceEvalDb, CancellationToken, Task<T>> write, CancellationToken ct);
}
