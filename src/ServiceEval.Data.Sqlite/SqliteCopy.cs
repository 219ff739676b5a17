using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ServiceEval.Data.Sqlite;

/// <summary>
/// Copies a database while it is written to. One read snapshot is held from the first page to the last: without it
/// SQLite begins anew whenever another connection commits, and under ratings the copy would never end. Commits go on
/// meanwhile; only the write-ahead log can't begin anew before the copy is done.
/// </summary>
public static class SqliteCopy
{
    // 4 MiB: small enough to be called off at once and to tell how far it is.
    private const int PagesAStep = 1_000;

    /// <param name="path">Is overwritten. One file afterwards, without a log beside it, and on the disk.</param>
    /// <param name="progress">Is told the part that is done, 0 to 1.</param>
    public static void Write(string connectionString, string path, IProgress<double>? progress, CancellationToken ct)
    {
        using (
            var source = Open(
                new SqliteConnectionStringBuilder(connectionString) { Mode = SqliteOpenMode.ReadWrite },
                "PRAGMA busy_timeout=5000"
            )
        )
        using (source.BeginTransaction(deferred: true))
        // What fails is thrown away whole, so nothing is kept to roll it back with, and it is synced once at the end.
        using (
            var copy = Open(
                new SqliteConnectionStringBuilder { DataSource = path },
                "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF"
            )
        )
        {
            // The snapshot is that of the first read.
            Run(source, "SELECT COUNT(*) FROM sqlite_master");
            CopyPages(source, copy, progress, ct);
            Run(copy, "PRAGMA journal_mode=DELETE");
        }
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    private static void CopyPages(
        SqliteConnection source,
        SqliteConnection copy,
        IProgress<double>? progress,
        CancellationToken ct
    )
    {
        using var backup = raw.sqlite3_backup_init(copy.Handle, "main", source.Handle, "main");
        if (backup.IsInvalid)
            SqliteException.ThrowExceptionForRC(raw.sqlite3_errcode(copy.Handle), copy.Handle);
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var result = raw.sqlite3_backup_step(backup, PagesAStep);
            if (result is not (raw.SQLITE_OK or raw.SQLITE_DONE))
                SqliteException.ThrowExceptionForRC(result, copy.Handle);
            var pages = raw.sqlite3_backup_pagecount(backup);
            progress?.Report(pages == 0 ? 1 : 1 - (double)raw.sqlite3_backup_remaining(backup) / pages);
            if (result == raw.SQLITE_DONE)
                return;
        }
    }

    /// <summary>
    /// Not pooled, and able to write also where it only reads: so the last to close takes log and index away, and
    /// leaves none of its own behind.
    /// </summary>
    private static SqliteConnection Open(SqliteConnectionStringBuilder connectionString, string pragmas)
    {
        connectionString.Pooling = false;
        var connection = new SqliteConnection(connectionString.ToString());
        try
        {
            connection.Open();
            Run(connection, pragmas);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // They are written above.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteScalar();
    }
}
