using ServiceEval.Core.Storage;

namespace ServiceEval.PostgreSql;

/// <summary>
/// Runs writes on a database server, which takes many writers at a time. Each write has its own context, and each save
/// has its own transaction.
/// </summary>
public sealed class PostgreSqlGate(string connectionString) : IWriteGate
{
    private readonly Microsoft.EntityFrameworkCore.DbContextOptions<ServiceEvalDb> _options = PostgreSqlOptions.Of(
        connectionString
    );

    public async Task<T> WriteAsync<T>(Func<ServiceEvalDb, CancellationToken, Task<T>> write, CancellationToken ct)
    {
        await using var db = new ServiceEvalDb(_options);
        return await write(db, ct);
    }
}
