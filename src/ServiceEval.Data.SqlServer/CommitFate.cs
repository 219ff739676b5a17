using System.Data;
using Microsoft.Data.SqlClient;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Data.SqlServer;

/// <summary>What became of a commit that nobody answered.</summary>
internal sealed class CommitFate(string connectionString)
{
    /// <summary>After the commit's own deadline.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.4);

    // UPDLOCK, for whoever is still at it may have no more than that himself, and a plain lock to read goes with it.
    private const string Sql = """
        SET XACT_ABORT ON; SET LOCK_TIMEOUT 2000;
        BEGIN TRANSACTION;
        DECLARE @head bigint = (SELECT h.[Sequence] FROM [LedgerHead] AS h WITH (UPDLOCK, HOLDLOCK) WHERE h.[Id] = 1);
        SELECT b.[Hash] FROM [LedgerBlocks] AS b WITH (READCOMMITTEDLOCK) WHERE b.[Sequence] = @sequence;
        ROLLBACK TRANSACTION;
        """;

    private readonly string _connectionString = ConnectionStrings.Unpooled(connectionString);

    /// <summary>
    /// Asked on a connection of its own, and only once the head can be locked: a block that is not there might else
    /// still be on its way, for a server goes on with what it was sent.
    /// </summary>
    /// <exception cref="OutcomeUnknownException">The server can't be reached, or is still at it.</exception>
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
            // Whatever it was: nothing was found out.
            if (e is not OperationCanceledException)
                await connection.DisposeAsync();
            throw new OutcomeUnknownException(
                $"The commit of ledger block {block.Sequence} broke and the database can't be asked about it: {e.Message}",
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
