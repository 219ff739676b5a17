using Npgsql;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Data.PostgreSql;

/// <summary>What became of a commit that nobody answered.</summary>
internal sealed class CommitFate(string connectionString)
{
    /// <summary>After the commit's own deadline.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.4);

    private readonly string _connectionString = ConnectionStrings.Unpooled(connectionString);

    /// <summary>
    /// Asked on a connection of its own, and only once the head can be locked: a server goes on with what it was sent,
    /// and a block that is not there might else be on its way.
    /// </summary>
    /// <param name="mayStillCome">It did not have the lock yet, so that no lock tells when it is over.</param>
    /// <exception cref="OutcomeUnknownException">The server can't be reached, or may still be at it.</exception>
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
            // Whatever it was: nothing was found out.
            throw new OutcomeUnknownException(
                $"The commit of ledger block {block.Sequence} broke and the database can't be asked about it: {e.Message}",
                cause
            );
        }
        // Another in its place ends it too: there is no room in the chain any more.
        if (stored is not null)
            return stored.AsSpan().SequenceEqual(block.Hash);
        if (mayStillCome)
            throw new OutcomeUnknownException(
                $"The commit of ledger block {block.Sequence} broke and may still come.",
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
