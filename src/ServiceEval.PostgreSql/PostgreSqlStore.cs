using System.Collections.ObjectModel;
using System.Data;
using Npgsql;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;

namespace ServiceEval.PostgreSql;

/// <summary>
/// Commits a batch in one transaction under the lock on the row of the ledger head. So any number of nodes can commit
/// at the same time, and their blocks still form one chain. A commit takes two round trips. It takes one while no other
/// node commits.
/// </summary>
/// <param name="author">Signs the blocks; null for a ledger without signatures, as programs wrote it before there were
/// keys.</param>
public sealed class PostgreSqlStore(string connectionString, LedgerAuthor? author, TimeProvider time)
    : IRatingStore,
        IAsyncDisposable
{
    /// <summary>
    /// The deadline of a commit. It is a little longer than the time-out of the lock. Together with the question for
    /// the outcome it is shorter than the three seconds that a citizen waits.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.1);

    private readonly NpgsqlDataSource _connections = StoreSession.Source(connectionString);
    private readonly CommitOutcomeProbe _fate = new(connectionString);
    private readonly LastKnownHead _own = new(time);

    public async Task<CommitResult> CommitAsync(IReadOnlyList<LogRequest> requests, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(Patience);
        return await CommitInOneTripAsync(requests, deadline.Token)
            ?? await CommitInTwoTripsAsync(requests, deadline.Token, ct);
    }

    /// <summary>
    /// Returns the reason why ratings cannot be stored in the required way although the database answers; null if they
    /// can.
    /// </summary>
    public Task<SessionFault?> FindFaultAsync(CancellationToken ct) => StoreSession.FindFaultAsync(_connections, ct);

    /// <summary>
    /// Reads the ledger head in the same way as a commit: in a session of the same kind, from the same pool.
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
    /// Commits new ratings in one round trip, on the head that this store left, without reading the head. If the head
    /// has changed, or if one of the ratings is stored already, the database stores nothing.
    /// </summary>
    /// <returns>Null if nothing was stored and a commit in two round trips may succeed.</returns>
    private async Task<CommitResult?> CommitInOneTripAsync(
        IReadOnlyList<LogRequest> requests,
        CancellationToken deadline
    )
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

    private async Task<CommitResult> CommitInTwoTripsAsync(
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
        // The caller need not wait for the end of a transaction that has only read.
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
                        return await LedgerLock.LoadAsync(connection, requests);
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
                // The pool kept this connection from before a restart of the server. The batch has not sent any write,
                // so a second attempt cannot store anything twice.
                _connections.Clear();
            }
        }
    }

    /// <summary>
    /// Sends the writes. From here on the caller cannot cancel, because the writes that were sent may be committed.
    /// </summary>
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
            // The server is still running and reports that it has rolled back everything. The caller need not wait for
            // the end of the transaction.
            _ = connection.EndAsync();
            throw Faults.Refusal(e);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            if (e is NpgsqlException)
                await connection.EndAsync();
            // A commit that was sent without the lock may not even have begun to wait for the lock.
            if (!await _fate.IsCommittedAsync(block, mayStillCome: begins, e, deadline))
                throw Faults.Refusal(e);
        }
        _own.Leave(block, batch.AllKeys);
    }

    private Authorship Over(IReadOnlyList<LedgerKey> keys) => author?.Over(keys) ?? Authorship.None;
}
