using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using SQLitePCL;

namespace ServiceEval.Sqlite;

/// <summary>
/// The only writing connection of the process. Ratings come as batches, and all other writes come through the gate.
/// Both take turns, because SQLite has one writer, and four writers are slower than one.
/// </summary>
/// <param name="author">Signs the blocks; null for a ledger without signatures, as programs wrote it before there were
/// keys.</param>
public sealed class SqliteWriter(string connectionString, LedgerAuthor? author, TimeProvider time)
    : IRatingStore,
        IWriteGate,
        IAsyncDisposable
{
    // SQLite's own checkpoint runs inside a commit. It is needed only if the checkpoint beside the commits cannot keep
    // up.
    private const string Pragmas = "PRAGMA wal_autocheckpoint=32000;";

    // The pages of the tallies are written with every batch. In 8,000 pages (32 MiB) they are copied into the database
    // file once.
    private const int PagesBetweenCheckpoints = 8_000;

    private readonly string _connectionString = SqliteOptions.Complete(connectionString);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly BusyHandler _waiting = new();
    private SqliteConnection? _connection;
    private BatchCommands? _commands;
    private DbContextOptions<ServiceEvalDb>? _options;
    private int _pagesAtCheckpoint;
    private Task _checkpoint = Task.CompletedTask;

    public async Task<CommitResult> CommitAsync(IReadOnlyList<LogRequest> requests, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            return Commit(requests);
        }
        finally
        {
            CheckpointIfDue();
            _turn.Release();
        }
    }

    public async Task<T> WriteAsync<T>(Func<ServiceEvalDb, CancellationToken, Task<T>> write, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            await using var db = new ServiceEvalDb(Options());
            return await write(db, ct);
        }
        catch
        {
            Abandon();
            throw;
        }
        finally
        {
            CheckpointIfDue();
            _turn.Release();
        }
    }

    // This may be called more than once, because a container that knows the object by several interfaces disposes it
    // several times.
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        Abandon();
        _turn.Release();
        await _checkpoint;
    }

    private CommitResult Commit(IReadOnlyList<LogRequest> requests)
    {
        LedgerBlock? block = null;
        CommitResult? decided = null;
        try
        {
            var commands = Commands();
            commands.Begin();
            var authorship = author?.Over(commands.ReadKeys()) ?? Authorship.None;
            var batch = new Batch(commands.ReadHead(), authorship, commands.LoadStates(requests), time.GetUtcNow());
            var outcomes = batch.Decide(requests);
            block = batch.Block;
            if (block is not null)
                commands.Write(batch, block);
            decided = batch.Answer(requests, outcomes, commands.ReadBlockHash);
            commands.Commit();
            return decided;
        }
        catch (SqliteException e)
        {
            Abandon();
            // After the decision only the commit itself can have failed, and a failed commit may have reached the disk.
            if (decided is not null && (block is null || IsCommitted(block, e)))
                return decided;
            // The fault belongs to one request. So the caller can try the other requests of the batch without it.
            if (e.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_CONSTRAINT)
                throw new InvalidDataException(
                    $"SQLite found a damaged or contradictory row ({e.SqliteExtendedErrorCode}): {e.Message}",
                    e
                );
            throw new NotStoredException(
                $"SQLite refused the commit ({e.SqliteErrorCode}/{e.SqliteExtendedErrorCode}): {e.Message}",
                e
            )
            {
                IsLocked = e.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED,
            };
        }
        catch
        {
            Abandon();
            throw;
        }
    }

    private bool IsCommitted(LedgerBlock block, SqliteException cause)
    {
        try
        {
            using var fresh = new SqliteConnection(_connectionString);
            fresh.Open();
            using var query = fresh.CreateCommand();
            query.CommandText = "SELECT Hash FROM LedgerBlocks WHERE Sequence = $sequence";
            query.Parameters.AddWithValue("$sequence", block.Sequence);
            return query.ExecuteScalar() is byte[] hash && hash.AsSpan().SequenceEqual(block.Hash);
        }
        catch (SqliteException)
        {
            throw new OutcomeUnknownException(
                $"The commit of ledger block {block.Sequence} failed, and the database could not be asked for the outcome.",
                cause
            );
        }
    }

    private void CheckpointIfDue()
    {
        if (_connection?.Handle is not { } handle || !_checkpoint.IsCompleted)
            return;
        raw.sqlite3_db_status(handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, resetFlg: 0);
        if (pages - _pagesAtCheckpoint < PagesBetweenCheckpoints)
            return;
        _pagesAtCheckpoint = pages;
        _checkpoint = Task.Run(CheckpointAsync);
    }

    /// <summary>
    /// Copies nearly all pages into the database file while commits go on. Then it takes the turn for the rest, because
    /// the log restarts only if all its pages are in the database file. Pages that could not be copied, for example
    /// because the disk is full, stay in the log and are safe there.
    /// </summary>
    private async Task CheckpointAsync()
    {
        try
        {
            using var beside = OpenOwn();
            Checkpoint(beside);
        }
        catch (SqliteException)
        {
            return;
        }

        await _turn.WaitAsync();
        try
        {
            if (_connection is not null)
                Checkpoint(_connection);
        }
        finally
        {
            _turn.Release();
        }
    }

    private static void Checkpoint(SqliteConnection connection)
    {
        // If a connection has read nothing yet, SQLite does not know of the log, and the checkpoint does nothing
        // without an error.
        using (var look = new SqliteCommand("PRAGMA schema_version", connection))
            look.ExecuteScalar();
        raw.sqlite3_wal_checkpoint_v2(connection.Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);
    }

    /// <summary>
    /// Opens a connection that is not pooled. The connection and its pragmas live as long as the owner wants.
    /// </summary>
    private SqliteConnection OpenOwn()
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder(_connectionString) { Pooling = false }.ToString()
        );
        try
        {
            connection.Open();
            PragmaInterceptor.Apply(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private SqliteConnection Open()
    {
        if (_connection is null)
        {
            var connection = OpenOwn();
            using var pragmas = connection.CreateCommand();
            pragmas.CommandText = Pragmas;
            pragmas.ExecuteNonQuery();
            _waiting.Install(connection);
            _connection = connection;
        }
        return _connection;
    }

    private BatchCommands Commands() => _commands ??= new BatchCommands(Open());

    private DbContextOptions<ServiceEvalDb> Options() =>
        _options ??=
            (DbContextOptions<ServiceEvalDb>)
                new DbContextOptionsBuilder<ServiceEvalDb>().UseServiceEvalSqlite(Open()).Options;

    /// <summary>
    /// Closes the connection, which rolls back an open transaction. The next write opens a new connection.
    /// </summary>
    private void Abandon()
    {
        _commands?.Dispose();
        _commands = null;
        _options = null;
        _connection?.Dispose();
        _connection = null;
        _pagesAtCheckpoint = 0;
    }
}
