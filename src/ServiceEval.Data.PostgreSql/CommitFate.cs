using System.Data.Common;
using Npgsql;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Data.PostgreSql;

/// <summary>What became of a commit that nobody answered.</summary>
internal sealed class CommitFate(string connectionString)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);

    private readonly string _connectionString = ConnectionStrings.Unpooled(connectionString);

    /// <summary>
    /// Asked on a connection of its own, and only once the head can be locked: a block that is not there might else still be
    /// on its way, for a server goes on with what it was sent.
    /// </summary>
    /// <exception cref="OutcomeUnknownException">The server can't be reached, or is still at it.</exception>
    public async Task<bool> IsCommittedAsync(LedgerBlock block, Exception cause)
    {
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await using var connection = new NpgsqlConnection(_connectionString);
            await connection.OpenAsync(deadline.Token);
            await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted, deadline.Token);
            await using (var head = new NpgsqlCommand("""SELECT 1 FROM "LedgerHead" WHERE "Id" = 1 FOR SHARE""", connection)) await head.ExecuteScalarAsync(deadline.Token);
            await using var hash = new NpgsqlCommand("""SELECT "Hash" FROM "LedgerBlocks" WHERE "Sequence" = $1""", connection)
            {
                Parameters = { new NpgsqlParameter<long> { TypedValue = block.Sequence } },
            };
            return await hash.ExecuteScalarAsync(deadline.Token) is byte[] stored && stored.AsSpan().SequenceEqual(block.Hash);
        }
        catch (Exception e) when (e is DbException or OperationCanceledException or IOException)
        {
            throw new OutcomeUnknownException($"The commit of ledger block {block.Sequence} broke and the database can't be asked about it: {e.Message}", cause);
        }
    }
}
