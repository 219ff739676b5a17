using System.Collections.ObjectModel;
using System.Data;
using Npgsql;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Data.PostgreSql;

/// <summary>
/// One transaction under the lock on the ledger head's row, so that it may run on any number of nodes at once, and
/// their blocks still make one chain. It takes two round trips, and one while nobody else commits.
/// </summary>
/// <param name="author">Signs the blocks; null for a ledger as programs before there were keys wrote it.</param>
public sealed class PostgreSqlStore(string connectionString, LedgerAuthor? author, TimeProvider time)
    : IRatingStore,
        IAsyncDisposable
{
    /// <summary>
    /// A little more than a lock is waited for, and with a question after it less than a citizen waits: three seconds.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.1);

    private readonly NpgsqlDataSource _connections = StoreSession.Source(connectionString);
    private readonly CommitFate _fate = new(connectionString);
    private readonly OwnHead _own = new(time);

    public async Task<CommitResult> CommitAsync(IReadOnlyList<LogRequest> requests, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(Patience);
        return await AtOnceAsync(requests, deadline.Token) ?? await UnderLockAsync(requests, deadline.Token, ct);
    }

    /// <summary>Why ratings can't be stored as they must be, though the database answers; null if they can.</summary>
    public Task<SessionFault?> FindFaultAsync(CancellationToken ct) => StoreSession.FindFaultAsync(_connections, ct);

    /// <summary>
    /// Reads the ledger head the way a rating goes: in a session of the same kind, from the same pool.
    /// </summary>
    public async Task ProbeAsync(CancellationToken ct)
    {
        await using var connection = await _connections.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(
            """SELECT "Sequence" FROM "LedgerHead" WHERE "Id" = 1""",
            connection
        );
        await command.ExecuteScalarAsync(ct);
    }

    public ValueTask DisposeAsync() => _connections.DisposeAsync();

    /// <summary>
    /// In one trip: new ratings on the head that this store left, unread. If it is another by now, or one of the
    /// ratings is known, the database stores nothing.
    /// </summary>
    /// <returns>Null where nothing was stored, and two trips may.</returns>
    private async Task<CommitResult?> AtOnceAsync(IReadOnlyList<LogRequest> requests, CancellationToken deadline)
    {
        if (_own.Guess is not var (head, keys) || !requests.All(r => r is GiveRating))
            return null;
        var batch = new Batch(head, Over(keys), ReadOnlyDictionary<Guid, RatingState>.Empty, time.GetUtcNow());
        var answer = batch.Answer(requests, batch.Decide(requests), _ => null);
        if (batch.Block is null)
            return null;
        var connection = _connections.CreateConnection();
        try
        {
            await connection.OpenAsync(deadline);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            return null;
        }
        try
        {
            await WriteAsync(connection, batch, head, begins: true, deadline);
            return answer;
        }
        catch (Exception e) when (e is InvalidDataException or NotStoredException { IsLocked: false })
        {
            return null;
        }
    }

    private async Task<CommitResult> UnderLockAsync(
        IReadOnlyList<LogRequest> requests,
        CancellationToken deadline,
        CancellationToken ct
    )
    {
        var (connection, locked) = await LockAsync(requests, deadline, ct);
        Batch batch;
        CommitResult answer;
        try
        {
            _own.Found(locked.Head);
            batch = new Batch(locked.Head, Over(locked.Keys), locked.States, time.GetUtcNow());
            var outcomes = batch.Decide(requests);
            answer = batch.Answer(requests, outcomes, sequence => locked.BlockHashes.GetValueOrDefault(sequence));
        }
        catch
        {
            await connection.EndAsync();
            throw;
        }
        if (batch.Block is not null)
            await WriteAsync(connection, batch, locked.Head, begins: false, deadline);
        // Nobody has to wait for the end of a transaction that has only read.
        else
            _ = connection.EndAsync();
        return answer;
    }

    private async Task<(NpgsqlConnection Connection, LockedLedger Ledger)> LockAsync(
        IReadOnlyList<LogRequest> requests,
        CancellationToken deadline,
        CancellationToken ct
    )
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline, ct);
        for (var isFirst = true; ; isFirst = false)
        {
            var connection = _connections.CreateConnection();
            try
            {
                var locked = await connection.OrGiveUpAsync(
                    async () =>
                    {
                        await connection.OpenAsync(CancellationToken.None);
                        return await LockedLedger.LoadAsync(connection, requests);
                    },
                    either.Token
                );
                return (connection, locked);
            }
            catch (OperationCanceledException e)
            {
                ct.ThrowIfCancellationRequested();
                throw Faults.Refusal(e);
            }
            catch (Exception e)
            {
                var isOld = connection.FullState.HasFlag(ConnectionState.Broken);
                _ = connection.EndAsync();
                if (e is not NpgsqlException)
                    throw;
                if (!isFirst || !isOld)
                    throw Faults.Refusal(e);
                // Kept from before a restart of the server; nothing of this batch was sent that could be there twice.
                _connections.Clear();
            }
        }
    }

    /// <summary>From here on nobody is asked whether to go on: what is sent may be committed.</summary>
    private async Task WriteAsync(
        NpgsqlConnection connection,
        Batch batch,
        LedgerHead head,
        bool begins,
        CancellationToken deadline
    )
    {
        var block = batch.Block!;
        try
        {
            await connection.OrGiveUpAsync(() => BatchWrite.RunAsync(connection, batch, head, block, begins), deadline);
            await connection.EndAsync();
        }
        catch (PostgresException e) when (e.InvariantSeverity == "ERROR")
        {
            // The server goes on, and says that it has undone all of it; nobody has to wait for the end of the
            // session's transaction.
            _ = connection.EndAsync();
            throw Faults.Refusal(e);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            if (e is NpgsqlException)
                await connection.EndAsync();
            // What was sent without the lock need not have come as far as to wait for it.
            if (!await _fate.IsCommittedAsync(block, mayStillCome: begins, e, deadline))
                throw Faults.Refusal(e);
        }
        _own.Leave(block, batch.AllKeys);
    }

    private Authorship Over(IReadOnlyList<LedgerKey> keys) => author?.Over(keys) ?? Authorship.None;
}
