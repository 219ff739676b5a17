using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Storage;

namespace ServiceEval.Sqlite;

/// <summary>
/// Read snapshots for code that only inspects the database. The connections cannot write. They create no database if
/// there is none. They leave no file beside the database, because such a file might belong to another account and lock
/// out the service.
/// </summary>
public sealed class SqliteInspection(string connectionString) : IReadSnapshot
{
    private readonly ReadOnlyFile _file = new(
        new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ToString(),
        leavesNothing: true
    );

    public async Task<T> ReadAsync<T>(Func<ServiceEvalDb, CancellationToken, Task<T>> read, CancellationToken ct)
    {
        await using var connection = _file.Open();
        await using var snapshot = connection.BeginTransaction(deferred: true);
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlite(connection);
        await using var db = new ServiceEvalDb(options.Options);
        await db.Database.UseTransactionAsync(snapshot, ct);
        return await read(db, ct);
    }

    /// <summary>
    /// Returns at most ten faults that SQLite itself finds in the structure of the file. They say nothing about the
    /// content of the rows.
    /// </summary>
    public Task<IReadOnlyList<string>> QuickCheckAsync(CancellationToken ct) =>
        Task.Run<IReadOnlyList<string>>(
            () =>
            {
                using var connection = _file.Open();
                using var command = new SqliteCommand("PRAGMA quick_check(10)", connection);
                command.CommandTimeout = 0;
                using var rows = command.ExecuteReader();
                var complaints = new List<string>();
                while (rows.Read())
                {
                    ct.ThrowIfCancellationRequested();
                    complaints.Add(rows.GetString(0));
                }
                return complaints is ["ok"] ? [] : complaints;
            },
            ct
        );
}
