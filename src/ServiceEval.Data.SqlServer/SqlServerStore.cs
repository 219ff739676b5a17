using System.Data;
using Microsoft.Data.SqlClient;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Data.SqlServer;

/// <summary>
/// One transaction in two round trips, under the lock on the ledger head's row; so it may run on any number of nodes at
/// once, and their blocks still make one chain.
/// </summary>
/// <param name="author">Signs the blocks; null for a ledger as programs before there were keys wrote it.</param>
public sealed class SqlServerStore(string connectionString, LedgerAuthor? author, TimeProvider time)
    : IRatingStore,
        IAsyncDisposable
{
    /// <summary>What ends the transaction of a connection that goes back to the pool.</summary>
    internal const string RollBack = "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;";

    /// <summary>
    /// Clearly more than a lock is waited for, and with a question after it less than a citizen waits: three seconds.
    /// </summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.1);

    private readonly string _connectionString = ConnectionStrings.OfStore(connectionString);
    private readonly CommitFate _fate = new(connectionString);

    public async Task<CommitResult> CommitAsync(IReadOnlyList<LogRequest> requests, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(Patience);
        var (connection, locked) = await LockAsync(requests, deadline.Token, ct);
        Batch batch;
        CommitResult answer;
        try
        {
            batch = new Batch(
                locked.Head,
                author?.Over(locked.Keys) ?? Authorship.None,
                locked.States,
                time.GetUtcNow()
            );
            var outcomes = batch.Decide(requests);
            answer = batch.Answer(requests, outcomes, sequence => locked.BlockHashes.GetValueOrDefault(sequence));
        }
        catch
        {
            await connection.DropAsync();
            throw;
        }
        if (batch.Block is { } block)
            await WriteAsync(connection, batch, block, deadline.Token);
        // Nobody has to wait for the end of a transaction that has only read.
        else
            _ = ReturnAsync(connection);
        return answer;
    }

    public ValueTask DisposeAsync()
    {
        // A connection that was never opened names the pool.
        using var connection = new SqlConnection(_connectionString);
        SqlConnection.ClearPool(connection);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Opens a session and runs the first statement of a commit once, without a deadline. The first statement of a cold
    /// server can take longer than a commit may, and without this call no rating would get through until it is warm.
    /// </summary>
    public async Task WarmUpAsync(CancellationToken ct)
    {
        var connection = new SqlConnection(_connectionString);
        try
        {
            await connection.OpenAsync(ct);
            await LockedLedger.LoadAsync(
                connection,
                [new GiveCorrection(Guid.Empty, Grade.Satisfied, time.GetUtcNow())]
            );
            await ReturnAsync(connection);
        }
        catch (Exception e)
        {
            await connection.DropAsync();
            // Another node is committing, so the server is warm.
            if (e is not SqlException said || !Faults.IsLocked(said))
                throw;
        }
    }

    private async Task<(SqlConnection Connection, LockedLedger Ledger)> LockAsync(
        IReadOnlyList<LogRequest> requests,
        CancellationToken deadline,
        CancellationToken ct
    )
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline, ct);
        for (var isFirst = true; ; isFirst = false)
        {
            var connection = new SqlConnection(_connectionString);
            var wasOpen = false;
            try
            {
                var locked = await connection.OrGiveUpAsync(
                    async () =>
                    {
                        await connection.OpenAsync(CancellationToken.None);
                        wasOpen = true;
                        return await LockedLedger.LoadAsync(connection, requests);
                    },
                    either.Token,
                    ReturnAsync
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
                var isOld = wasOpen && connection.State != ConnectionState.Open;
                await connection.DropAsync();
                // An invalid operation: the pool had none left.
                if (e is not SqlException && (wasOpen || e is not InvalidOperationException))
                    throw;
                // Kept from before a restart of the server; nothing of this batch was sent that could be there twice.
                if (!isFirst || !isOld)
                    throw Faults.Refusal(e);
            }
        }
    }

    /// <summary>From here on nobody is asked whether to go on: what is sent may be committed.</summary>
    private async Task WriteAsync(SqlConnection connection, Batch batch, LedgerBlock block, CancellationToken deadline)
    {
        try
        {
            await connection.OrGiveUpAsync(() => BatchWrite.RunAsync(connection, batch, block), deadline);
            _ = ReturnAsync(connection);
        }
        catch (SqlException e) when (Faults.IsAnswer(e))
        {
            await connection.DropAsync();
            throw Faults.Refusal(e);
        }
        catch (Exception e)
        {
            // Given up, it is still at work.
            if (e is not OperationCanceledException)
                await connection.DropAsync();
            if (!await _fate.IsCommittedAsync(block, e, deadline))
                throw Faults.Refusal(e);
        }
    }

    /// <summary>Gives the connection back with no transaction open in it, or not at all.</summary>
    private static async Task ReturnAsync(SqlConnection connection)
    {
        try
        {
            await using var command = connection.CreateCommand();
            command.CommandText = RollBack;
            await command.ExecuteNonQueryAsync(CancellationToken.None);
            await connection.DisposeAsync();
        }
        catch (Exception e) when (e is SqlException or InvalidOperationException)
        {
            await connection.DropAsync();
        }
    }
}
