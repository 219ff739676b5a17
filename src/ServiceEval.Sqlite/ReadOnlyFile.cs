using Microsoft.Data.Sqlite;
using ServiceEval.Core.Ledger;
using SQLitePCL;

namespace ServiceEval.Sqlite;

/// <summary>
/// A database that is opened only to read: beside a serving host, or a copy on a medium that cannot be written. A file
/// in WAL mode needs a shared index beside it, even for reading. If the index cannot be created, no process writes, and
/// the connection is opened as immutable.
/// </summary>
/// <param name="leavesNothing">True for short reads that must leave no file behind. If no process has the file open, it
/// is then opened as unchanging, even if the index could be created. A process that begins to write meanwhile is not
/// noticed.</param>
internal sealed class ReadOnlyFile(string connectionString, bool leavesNothing = false)
{
    private const int BusyMilliseconds = 5_000;

    /// <summary>
    /// The maximum length of a value, in bytes. A value longer than any that our program writes is then an error of
    /// SQLite itself, and it does not take gigabytes of memory.
    /// </summary>
    private const int LongestValue = 64 << 20;

    private readonly SqliteConnectionStringBuilder _given = new(SqliteOptions.Complete(connectionString))
    {
        Mode = SqliteOpenMode.ReadOnly,
    };
    private string? _usable;

    public SqliteConnection Open()
    {
        if (_usable is { } known)
            return Open(known);
        var path = Path.GetFullPath(_given.DataSource);
        if (!File.Exists(path))
            throw new LedgerUnreadableException(LedgerUnreadable.NotThere, path);
        if (leavesNothing)
            return Open(HasWal(path) || File.Exists($"{path}-shm") ? _given.ToString() : Unchanging(path));
        try
        {
            return Try(_given.ToString());
        }
        catch (SqliteException e)
            when (e.SqliteErrorCode is raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_IOERR && !HasWal(path))
        {
            return Try(Unchanging(path));
        }
    }

    private string Unchanging(string path) =>
        new SqliteConnectionStringBuilder(_given.ToString())
        {
            DataSource = $"{new Uri(path).AbsoluteUri}?immutable=1",
        }.ToString();

    // If commits are still waiting in the log beside the file, an unchanging view would miss them. No answer is better
    // than such an answer.
    private static bool HasWal(string path) => new FileInfo($"{path}-wal") is { Exists: true, Length: > 0 };

    /// <summary>
    /// Opens the file and reads once, because only a first read shows whether the file can be read at all.
    /// </summary>
    private SqliteConnection Try(string connectionString)
    {
        var connection = Open(connectionString);
        try
        {
            using var rows = new SqliteSuspectRows(connection, "SELECT COUNT(*) FROM sqlite_master");
            rows.Read();
            _usable = connectionString;
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static SqliteConnection Open(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            _ = raw.sqlite3_busy_timeout(connection.Handle, BusyMilliseconds);
            _ = raw.sqlite3_limit(connection.Handle, raw.SQLITE_LIMIT_LENGTH, LongestValue);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
