using System.Data;
using Npgsql;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Data.PostgreSql;

/// <summary>
/// One transaction in two round trips, under the lock on the ledger head's row; so it may run on any number of nodes at
/// once, and their blocks still make one chain.
/// </summary>
public sealed class PostgreSqlStore(string connectionString, TimeProvider time) : IRatingStore, IAsyncDisposable
{
    /// <summary>A little more than a lock is waited for, and with the question afterwards less than a citizen waits: three seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.1);

    private readonly NpgsqlDataSource _connections = NpgsqlDataSource.Create(ConnectionStrings.OfStore(connectionString));
    private readonly CommitFate _fate = new(connectionString);

    public async Task<CommitResult> CommitAsync(IReadOnlyList<LogRequest> requests, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(Patience);
        var (connection, locked) = await LockAsync(requests, deadline.Token, ct);
        Batch batch;
        CommitResult answer;
        try
        {
            batch = new Batch(locked.Head, locked.States, time.GetUtcNow());
            var outcomes = batch.Decide(requests);
            answer = batch.Answer(requests, outcomes, sequence => locked.BlockHashes.GetValueOrDefault(sequence));
        }
        catch
        {
            await connection.EndAsync();
            throw;
        }
        if (batch.Block is { } block) await WriteAsync(connection, batch, block, deadline.Token);
        // Nobody has to wait for the end of a transaction that has only read.
        else _ = connection.EndAsync();
        return answer;
    }

    public ValueTask DisposeAsync() => _connections.DisposeAsync();

    private async Task<(NpgsqlConnection Connection, LockedLedger Ledger)> LockAsync(
        IReadOnlyList<LogRequest> requests, CancellationToken deadline, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline, ct);
        for (var isFirst = true; ; isFirst = false)
        {
            var connection = _connections.CreateConnection();
            try
            {
                var locked = await connection.OrGiveUpAsync(async () =>
                {
                    await connection.OpenAsync(CancellationToken.None);
                    return await LockedLedger.LoadAsync(connection, requests);
                }, either.Token);
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
                await connection.EndAsync();
                if (e is not NpgsqlException) throw;
                if (!isFirst || !isOld) throw Faults.Refusal(e);
                // Kept from before a restart of the server; nothing of this batch was sent that could be there twice.
                _connections.Clear();
            }
        }
    }

    /// <summary>From here on nobody is asked whether to go on: what is sent may be committed.</summary>
    private async Task WriteAsync(NpgsqlConnection connection, Batch batch, LedgerBlock block, CancellationToken deadline)
    {
        try
        {
            await connection.OrGiveUpAsync(() => BatchWrite.RunAsync(connection, batch, block), deadline);
            await connection.EndAsync();
        }
        catch (PostgresException e) when (e.InvariantSeverity == "ERROR")
        {
            // The server goes on, and says that it has undone all of it.
            await connection.EndAsync();
            throw Faults.Refusal(e);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            if (e is NpgsqlException) await connection.EndAsync();
            if (!await _fate.IsCommittedAsync(block, e)) throw Faults.Refusal(e);
        }
    }
}
