using System.Data;
using Microsoft.Data.SqlClient;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;

namespace ServiceEval.SqlServer;

/// <summary>Finds out whether a commit that got no answer succeeded.</summary>
internal sealed class CommitOutcomeProbe(string connectionString)
{
    /// <summary>The time for the question after the commit's own deadline.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.4);

    // UPDLOCK is needed: a session that still executes the commit may hold no more than UPDLOCK itself, and a plain
    // shared lock is compatible with it.
    private const string Sql = """
        SET XACT_ABORT ON; SET LOCK_TIMEOUT 2000;
        BEGIN TRANSACTION;
        DECLARE @head bigint = (SELECT h.[Sequence] FROM [LedgerHead] AS h WITH (UPDLOCK, HOLDLOCK) WHERE h.[Id] = 1);
        SELECT b.[Hash] FROM [LedgerBlocks] AS b WITH (READCOMMITTEDLOCK) WHERE b.[Sequence] = @sequence;
        ROLLBACK TRANSACTION;
        """;

    private readonly string _connectionString = ConnectionStrings.Unpooled(connectionString);

    /// <summary>
    /// Returns true if the block is stored. The question goes over a new connection, and it is answered only after the
    /// head was locked. Without the lock a missing block proves nothing, because the server still executes what it has
    /// received.
    /// </summary>
    /// <exception cref="OutcomeUnknownException">The server cannot be reached, or it still executes the
    /// commit.</exception>
    public async Task<bool> IsCommittedAsync(LedgerBlock block, Exception cause, CancellationToken deadline)
    {
        using var end = new CancellationTokenSource();
        await using var soon = deadline.Register(() => end.CancelAfter(Patience));
        var connection = new SqlConnection(_connectionString);
        try
        {
            var stored = await connection.OrGiveUpAsync(() => HashAsync(connection, block.Sequence), end.Token);
            await connection.DisposeAsync();
            return stored is not null && stored.AsSpan().SequenceEqual(block.Hash);
        }
        catch (Exception e)
        {
            // After any exception the outcome is still unknown.
            if (e is not OperationCanceledException)
                await connection.DisposeAsync();
            throw new OutcomeUnknownException(
                $"The commit of ledger block {block.Sequence} got no answer, and the database could not be asked for the outcome: {e.Message}",
                cause
            );
        }
    }

    public static SqlCommand Command(SqlConnection connection, long sequence)
    {
        var command = connection.CreateCommand();
        command.CommandText = Sql;
        command.Parameters.Add("@sequence", SqlDbType.BigInt).Value = sequence;
        return command;
    }

    private static async Task<byte[]?> HashAsync(SqlConnection connection, long sequence)
    {
        await connection.OpenAsync();
        await using var command = Command(connection, sequence);
        return await command.ExecuteScalarAsync() as byte[];
    }
}
