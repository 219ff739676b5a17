using Microsoft.Data.Sqlite;
using ServiceEval.Data.Ledger;
using SQLitePCL;

namespace ServiceEval.Data.Sqlite;

/// <summary>
/// A database opened only to read: beside a serving host, or a copy on a medium that can't be written. A file in WAL
/// needs a shared index beside it even to be read; where that can't be made, nobody writes, and SQLite is told that
/// nothing changes.
/// </summary>
/// <param name="leavesNothing">Also where nobody has the file open and the index could be made. For short looks:
/// whoever begins to write meanwhile is not noticed.</param>
internal sealed class ReadOnlyFile(string connectionString, bool leavesNothing = false)
{
    private const int BusyMilliseconds = 5_000;

    /// <summary>
    /// A value that is longer than any of our programs' is SQLite's own fault, and takes no gigabytes.
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

    // With commits still waiting beside the file an unchanging view would miss them: better no answer than that one.
    private static bool HasWal(string path) => new FileInfo($"{path}-wal") is { Exists: true, Length: > 0 };

    /// <summary>Only a first read finds out whether the file can be read at all.</summary>
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
