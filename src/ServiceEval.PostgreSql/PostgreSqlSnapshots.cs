using System.Data;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Storage;

namespace ServiceEval.PostgreSql;

/// <summary>
/// Reads in a transaction that sees the state of its first read until its end. Readers and writers never wait for each
/// other.
/// </summary>
public sealed class PostgreSqlSnapshots(string connectionString) : IReadSnapshot
{
    private readonly DbContextOptions<ServiceEvalDb> _options = PostgreSqlOptions.Of(connectionString);

    public async Task<T> ReadAsync<T>(Func<ServiceEvalDb, CancellationToken, Task<T>> read, CancellationToken ct)
    {
        await using var db = new ServiceEvalDb(_options);
        await using var snapshot = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await db.Database.ExecuteSqlRawAsync("SET TRANSACTION READ ONLY", ct);
        return await read(db, ct);
    }
}
