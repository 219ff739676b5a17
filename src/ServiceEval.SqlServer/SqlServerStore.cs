using System.Data;
using Microsoft.Data.SqlClient;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;

namespace ServiceEval.SqlServer;

/// <summary>
/// Commits a batch in one transaction of two round trips, under the lock on the row of the ledger head. So any number
/// of nodes can commit at the same time, and their blocks still form one chain.
/// </summary>
/// <param name="author">Signs the blocks; null for a ledger without signatures, as programs wrote it before there were
/// keys.</param>
public sealed class SqlServerStore(string connectionString, LedgerAuthor? author, TimeProvider time)
    : IRatingStore,
        IAsyncDisposable
{
    /// <summary>The SQL that ends the transaction of a connection before the connection returns to the pool.</summary>
    internal const string RollBack = "IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;";

    /// <summary>
    /// The deadline of a commit. It is clearly longer than the time-out of the lock. Together with the question for the
    /// outcome it is shorter than the three seconds that a citizen waits.
    /// </summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.1);

    private readonly string _connectionString = ConnectionStrings.OfStore(connectionString);
    private readonly CommitOutcomeProbe _fate = new(connectionString);

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
        // The caller need not wait for the end of a transaction that has only read.
        else
            _ = ReturnAsync(connection);
        return answer;
    }

    public ValueTask DisposeAsync()
    {
        // A connection that was never opened is enough to name the pool.
        using var connection = new SqlConnection(_connectionString);
        SqlConnection.ClearPool(connection);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Opens a session and runs the first statement of a commit once, without a deadline. On a cold server the first
    /// statement can take longer than the deadline of a commit. Without this call no rating would be stored until the
    /// server is warm.
    /// </summary>
    public async Task WarmUpAsync(CancellationToken ct)
    {
        var connection = new SqlConnection(_connectionString);
        try
        {
            await connection.OpenAsync(ct);
            await LedgerLock.LoadAsync(connection, [new GiveCorrection(Guid.Empty, Grade.Satisfied, time.GetUtcNow())]);
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
                        return await LedgerLock.LoadAsync(connection, requests);
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
                // InvalidOperationException means that the pool had no connection left.
                if (e is not SqlException && (wasOpen || e is not InvalidOperationException))
                    throw;
                // The pool kept this connection from before a restart of the server. The batch has not sent any write,
                // so a second attempt cannot store anything twice.
                if (!isFirst || !isOld)
                    throw Faults.Refusal(e);
            }
        }
    }

    /// <summary>
    /// Sends the writes. From here on the caller cannot cancel, because the writes that were sent may be committed.
    /// </summary>
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
            // After the deadline the work still uses the connection.
            if (e is not OperationCanceledException)
                await connection.DropAsync();
            if (!await _fate.IsCommittedAsync(block, e, deadline))
                throw Faults.Refusal(e);
        }
    }

    /// <summary>
    /// Returns the connection to the pool without an open transaction. If the transaction cannot be ended, the
    /// connection is closed.
    /// </summary>
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
