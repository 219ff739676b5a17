using Npgsql;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;

namespace ServiceEval.PostgreSql;

/// <summary>Finds out whether a commit that got no answer succeeded.</summary>
internal sealed class CommitOutcomeProbe(string connectionString)
{
    /// <summary>The time for the question after the commit's own deadline.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.4);

    private readonly string _connectionString = ConnectionStrings.Unpooled(connectionString);

    /// <summary>
    /// Returns true if the block is stored. The question goes over a new connection, and it is answered only after the
    /// head was locked. Without the lock a missing block proves nothing, because the server still executes what it has
    /// received.
    /// </summary>
    /// <param name="mayStillCome">True if the commit did not have the lock yet. Then no lock shows that the commit is
    /// over.</param>
    /// <exception cref="OutcomeUnknownException">The server cannot be reached, or it may still execute the
    /// commit.</exception>
    public async Task<bool> IsCommittedAsync(
        LedgerBlock block,
        bool mayStillCome,
        Exception cause,
        CancellationToken deadline
    )
    {
        using var end = new CancellationTokenSource();
        await using var soon = deadline.Register(() => end.CancelAfter(Patience));
        var connection = new NpgsqlConnection(_connectionString);
        byte[]? stored;
        try
        {
            stored = await connection.OrGiveUpAsync(() => HashAsync(connection, block.Sequence), end.Token);
            await connection.EndAsync();
        }
        catch (Exception e)
        {
            // After any exception the outcome is still unknown.
            throw new OutcomeUnknownException(
                $"The commit of ledger block {block.Sequence} got no answer, and the database could not be asked for the outcome: {e.Message}",
                cause
            );
        }
        // If another block has this sequence, the commit has failed for good, because its place in the chain is taken.
        if (stored is not null)
            return stored.AsSpan().SequenceEqual(block.Hash);
        if (mayStillCome)
            throw new OutcomeUnknownException(
                $"The commit of ledger block {block.Sequence} got no answer, and the server may still execute it.",
                cause
            );
        return false;
    }

    private static async Task<byte[]?> HashAsync(NpgsqlConnection connection, long sequence)
    {
        await connection.OpenAsync();
        await using var begin = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(StoreSession.Set),
                new("BEGIN ISOLATION LEVEL READ COMMITTED"),
                new("""SELECT 1 FROM "LedgerHead" WHERE "Id" = 1 FOR SHARE"""),
            },
        };
        await begin.ExecuteNonQueryAsync();
        await using var hash = new NpgsqlCommand(
            """SELECT "Hash" FROM "LedgerBlocks" WHERE "Sequence" = $1""",
            connection
        )
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = sequence } },
        };
        return await hash.ExecuteScalarAsync() as byte[];
    }
}
