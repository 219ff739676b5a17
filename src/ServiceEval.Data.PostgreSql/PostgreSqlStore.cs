using System.Data;
using System.Data.Common;
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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.2);

    private static readonly TimeSpan PatienceAtTheEnd = TimeSpan.FromSeconds(0.1);

    private readonly NpgsqlDataSource _connections = NpgsqlDataSource.Create(ConnectionStrings.OfStore(connectionString));
    private readonly CommitFate _fate = new(connectionString);

    public async Task<CommitResult> CommitAsync(IReadOnlyList<LogRequest> requests, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(Patience);
        var (connection, locked) = await LockAsync(requests, deadline.Token, ct);
        var isCommitted = false;
        try
        {
            var batch = new Batch(locked.Head, locked.States, time.GetUtcNow());
            var outcomes = batch.Decide(requests);
            var answer = batch.Answer(requests, outcomes, sequence => locked.BlockHashes.GetValueOrDefault(sequence));
            if (batch.Block is not { } block) return answer;
            await WriteAsync(connection, batch, block, deadline.Token);
            isCommitted = true;
            return answer;
        }
        finally
        {
            await EndAsync(connection, inTransaction: !isCommitted);
        }
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
                await connection.OpenAsync(either.Token);
                return (connection, await LockedLedger.LoadAsync(connection, requests, either.Token));
            }
            catch (Exception e)
            {
                var isOld = connection.FullState.HasFlag(ConnectionState.Broken);
                await EndAsync(connection, inTransaction: true);
                if (e is not (DbException or OperationCanceledException) || (e is OperationCanceledException && ct.IsCancellationRequested)) throw;
                // Kept from before a restart of the server; nothing of this batch was sent that could be there twice.
                if (isFirst && isOld && e is NpgsqlException && !either.IsCancellationRequested) _connections.Clear();
                else throw Faults.Refusal(e);
            }
        }
    }

    /// <summary>From here on nobody is asked whether to go on: what is sent may be committed.</summary>
    private async Task WriteAsync(NpgsqlConnection connection, Batch batch, LedgerBlock block, CancellationToken deadline)
    {
        try
        {
            await BatchWrite.RunAsync(connection, batch, block, deadline);
        }
        catch (PostgresException e) when (e.InvariantSeverity == "ERROR")
        {
            // The server goes on, and says that it has undone all of it.
            throw Faults.Refusal(e);
        }
        catch (Exception e) when (e is DbException or OperationCanceledException or IOException)
        {
            await EndAsync(connection, inTransaction: true);
            if (!await _fate.IsCommittedAsync(block, e)) throw Faults.Refusal(e);
        }
    }

    /// <summary>Gives the connection back, its transaction ended without a trace; one whose server has gone or hangs is closed.</summary>
    private static async Task EndAsync(NpgsqlConnection connection, bool inTransaction)
    {
        try
        {
            using var deadline = new CancellationTokenSource(PatienceAtTheEnd);
            await using var rollback = new NpgsqlCommand("ROLLBACK", connection);
            if (inTransaction && connection.State == ConnectionState.Open) await rollback.ExecuteNonQueryAsync(deadline.Token);
            await connection.DisposeAsync();
        }
        catch (Exception e) when (e is DbException or OperationCanceledException or InvalidOperationException)
        {
            await connection.DisposeAsync();
        }
    }
}
