using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ServiceEval.Sqlite;

/// <summary>
/// Copies a database while other connections write to it. One read snapshot is held from the first page to the last.
/// Without it, SQLite starts the copy again whenever another connection commits, and under ratings the copy would never
/// end. Commits go on during the copy. Only the write-ahead log cannot restart before the copy is done.
/// </summary>
public static class SqliteCopy
{
    // 4 MiB: small enough to cancel at once and to report the progress.
    private const int PagesAStep = 1_000;

    /// <param name="path">The target file, which is overwritten. After the copy it is on disk as one file without a log
    /// beside it.</param>
    /// <param name="progress">Receives the part that is done, 0 to 1.</param>
    public static void Write(string connectionString, string path, IProgress<double>? progress, CancellationToken ct)
    {
        using (
            var source = Open(
                new SqliteConnectionStringBuilder(connectionString) { Mode = SqliteOpenMode.ReadWrite },
                "PRAGMA busy_timeout=5000"
            )
        )
        using (source.BeginTransaction(deferred: true))
        // A failed copy is thrown away as a whole. So it needs no rollback journal, and it is synced once at the end.
        using (
            var copy = Open(
                new SqliteConnectionStringBuilder { DataSource = path },
                "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF"
            )
        )
        {
            // The snapshot begins with the first read.
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
    /// Opens a connection that is not pooled. It can write even if it only reads. So the last connection that closes
    /// removes the log and its index, and this connection leaves no such files behind.
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
#pragma warning disable CA2100 // The texts are written above.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteScalar();
    }
}
