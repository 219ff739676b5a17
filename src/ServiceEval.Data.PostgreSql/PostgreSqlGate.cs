namespace ServiceEval.Data.PostgreSql;

/// <summary>
/// A server takes many writers: each write has a context and, with each saving, a transaction of its own.
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
