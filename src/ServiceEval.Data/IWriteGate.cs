namespace ServiceEval.Data;

/// <summary>
/// The way of every write that is not a rating. SQLite has one writer, so there it waits its turn on the writer's own
/// connection; a server gives each its own.
/// </summary>
public interface IWriteGate
{
    /// <summary>
    /// Runs <paramref name="write"/> on a context that nobody else uses meanwhile. Keep it short: ratings wait for it.
    /// </summary>
    Task<T> WriteAsync<T>(Func<ServiceEvalDb, CancellationToken, Task<T>> write, CancellationToken ct);
}
