using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Storage;

namespace ServiceEval.Sqlite;

/// <summary>
/// Reads in a deferred transaction in WAL mode. It sees the state of its first read, and it takes no lock that ratings
/// wait for.
/// </summary>
public sealed class SqliteSnapshots(string connectionString) : IReadSnapshot
{
    private readonly string _connectionString = SqliteOptions.Complete(connectionString);

    public async Task<T> ReadAsync<T>(Func<ServiceEvalDb, CancellationToken, Task<T>> read, CancellationToken ct)
    {
        await using var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(ct);
        await using var snapshot = connection.BeginTransaction(deferred: true);
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlite(connection);
        await using var db = new ServiceEvalDb(options.Options);
        await db.Database.UseTransactionAsync(snapshot, ct);
        return await read(db, ct);
    }
}
