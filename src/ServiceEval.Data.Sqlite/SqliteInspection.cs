using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace ServiceEval.Data.Sqlite;

/// <summary>
/// Snapshots for whoever only looks: on connections that can't write, make no database where there is none, and leave
/// nothing beside the file, which might be another account's and shut the service's out.
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
    /// What SQLite itself finds wrong with the file's structure, ten complaints at most; it says nothing of what is in
    /// the rows.
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
