using Npgsql;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;

namespace ServiceEval.PostgreSql;

/// <summary>The last round trip, or the only one. It writes everything that the batch decided, and commits.</summary>
internal static class BatchWrite
{
    private static readonly IReadOnlyList<ColumnInsert> Inserts = ColumnInsert.OfAll();
    private static readonly RowParameters<LedgerBlock> Block = new(HotRows.Blocks);
    private static readonly string AppendBlock = AppendSql();

    /// <summary>
    /// Appends the block first. This takes the lock on the head if <see cref="LedgerLock"/> did not take it. After an
    /// error the server executes no further statement, so it does not commit.
    /// </summary>
    /// <param name="head">The head that the batch was decided on.</param>
    /// <param name="begins">True if there is no transaction yet.</param>
    /// <exception cref="PostgresException">An integrity constraint failed (class 23): the head has changed, or a rating
    /// is stored already.</exception>
    public static async Task<int> RunAsync(
        NpgsqlConnection connection,
        Batch batch,
        LedgerHead head,
        LedgerBlock block,
        bool begins
    )
    {
        await using var trip = new NpgsqlBatch(connection);
        if (begins)
            trip.BatchCommands.Add(new NpgsqlBatchCommand(LedgerLock.Begin));
        trip.BatchCommands.Add(Append(head, block));
        foreach (var insert in Inserts)
            insert.AddTo(trip, batch);
        trip.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        return await trip.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// The parameters are the columns of the block and then the hash of the head before it. If the head is not the one
    /// that the batch was decided on, the UPDATE returns no sequence. A block without a sequence violates the NOT NULL
    /// constraint.
    /// </summary>
    private static string AppendSql()
    {
        List<string> names = [.. HotRows.Blocks.Columns.Select(c => c.Name)];
        var (sequence, hash) = (Parameter(nameof(LedgerBlock.Sequence)), Parameter(nameof(LedgerBlock.Hash)));
        var values = names.Select(name =>
            name == nameof(LedgerBlock.Sequence) ? "(SELECT \"Sequence\" FROM head)" : Parameter(name)
        );
        return $"""
            WITH head AS (
                UPDATE "LedgerHead" SET "Sequence" = {sequence}, "Hash" = {hash}
                WHERE "Id" = 1 AND "Sequence" = {sequence} - 1 AND "Hash" = ${names.Count + 1} RETURNING "Sequence"
            )
            INSERT INTO "LedgerBlocks" ("{string.Join("\", \"", names)}")
            SELECT {string.Join(", ", values)}
            """;

        string Parameter(string name) => $"${names.IndexOf(name) + 1}";
    }

    private static NpgsqlBatchCommand Append(LedgerHead head, LedgerBlock block)
    {
        var command = new NpgsqlBatchCommand(AppendBlock);
        Block.AddTo(command, block);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = head.Hash });
        return command;
    }
}
