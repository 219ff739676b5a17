using System.Data;
using System.Text;
using Microsoft.Data.SqlClient;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;

namespace ServiceEval.SqlServer;

/// <summary>The second of two round trips. It writes everything that the batch decided, and commits.</summary>
internal static class BatchWrite
{
    private static readonly IReadOnlyList<BatchInsert> Inserts = BatchInsert.OfAll();
    private static readonly JsonInsert<LedgerBlock> Blocks = new(HotRows.Blocks);

    private const string Begin = "SET XACT_ABORT ON; SET NOCOUNT ON;\n";

    // A command with parameters is sent as a procedure. A procedure that ends with fewer transactions than it began
    // with is an error (266), which comes after the commit. So another transaction is begun. It holds nothing, and it
    // is ended when no caller waits any more. The commit must be on disk, even if the database would allow it to be
    // delayed.
    private const string End = """
        UPDATE [LedgerHead] SET [Sequence] = @sequence, [Hash] = @hash WHERE [Id] = 1;
        COMMIT TRANSACTION WITH (DELAYED_DURABILITY = OFF);
        BEGIN TRANSACTION;
        """;

    /// <summary>
    /// Builds the command for a connection that has locked the head. After an error the server executes no further
    /// statement, so it does not commit.
    /// </summary>
    public static SqlCommand Command(SqlConnection connection, Batch batch, LedgerBlock block)
    {
        var command = connection.CreateCommand();
        var sql = new StringBuilder(Begin);
        foreach (var insert in Inserts)
            insert.AddTo(sql, command.Parameters, batch);
        Blocks.AddTo(sql, command.Parameters, [block]);
        command.Parameters.Add("@sequence", SqlDbType.BigInt).Value = block.Sequence;
        command.Parameters.Add("@hash", SqlDbType.Binary, 32).Value = block.Hash;
#pragma warning disable CA2100 // The text is our own; all values are parameters.
        command.CommandText = sql.Append(End).ToString();
#pragma warning restore CA2100
        return command;
    }

    public static async Task<int> RunAsync(SqlConnection connection, Batch batch, LedgerBlock block)
    {
        await using var command = Command(connection, batch, block);
        return await command.ExecuteNonQueryAsync();
    }
}
