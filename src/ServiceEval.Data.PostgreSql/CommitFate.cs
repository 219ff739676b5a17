using Npgsql;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Data.PostgreSql;

/// <summary>What became of a commit that nobody answered.</summary>
internal sealed class CommitFate(string connectionString)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.4);

    private readonly string _connectionString = ConnectionStrings.Unpooled(connectionString);

    /// <summary>
    /// Asked on a connection of its own, and only once the head can be locked: a block that is not there might else still be
    /// on its way, for a server goes on with what it was sent.
    /// </summary>
    /// <exception cref="OutcomeUnknownException">The server can't be reached, or is still at it.</exception>
    public async Task<bool> IsCommittedAsync(LedgerBlock block, Exception cause)
    {
        using var deadline = new CancellationTokenSource(Patience);
        var connection = new NpgsqlConnection(_connectionString);
        try
        {
            var stored = await connection.OrGiveUpAsync(() => HashAsync(connection, block.Sequence), deadline.Token);
            await connection.EndAsync();
            return stored is not null && stored.AsSpan().SequenceEqual(block.Hash);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            throw new OutcomeUnknownException($"The commit of ledger block {block.Sequence} broke and the database can't be asked about it: {e.Message}", cause);
        }
    }

    private static async Task<byte[]?> HashAsync(NpgsqlConnection connection, long sequence)
    {
        await connection.OpenAsync();
        await using var begin = new NpgsqlBatch(connection)
        {
            BatchCommands = { new("BEGIN ISOLATION LEVEL READ COMMITTED"), new("""SELECT 1 FROM "LedgerHead" WHERE "Id" = 1 FOR SHARE""") },
        };
        await begin.ExecuteNonQueryAsync();
        await using var hash = new NpgsqlCommand("""SELECT "Hash" FROM "LedgerBlocks" WHERE "Sequence" = $1""", connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = sequence } },
        };
        return await hash.ExecuteScalarAsync() as byte[];
    }
}
