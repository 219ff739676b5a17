using Microsoft.EntityFrameworkCore;

namespace ServiceEval.Data.SqlServer;

/// <summary>
/// A server takes many writers: each write has a context and, with each saving, a transaction of its own.
/// </summary>
public sealed class SqlServerGate(string connectionString) : IWriteGate
{
    private readonly DbContextOptions<ServiceEvalDb> _options = SqlServerOptions.Of(connectionString);

    public async Task<T> WriteAsync<T>(Func<ServiceEvalDb, CancellationToken, Task<T>> write, CancellationToken ct)
    {
        await using var db = new ServiceEvalDb(_options);
        return await write(db, ct);
    }
}
