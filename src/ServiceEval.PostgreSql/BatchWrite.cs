using Npgsql;
using NpgsqlTypes;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Tallies;

namespace ServiceEval.PostgreSql;

/// <summary>The last round trip, or the only one. It writes everything that the batch decided, and commits.</summary>
internal static class BatchWrite
{
    private static readonly ColumnInsert<Rating> Ratings = new ColumnInsert<Rating>("Ratings")
        .Id("Id", r => r.Id)
        .Int("WindowId", r => r.WindowId)
        .Int("DepartmentId", r => r.DepartmentId)
        .Small("Tier", r => (byte)r.Tier)
        .Small("Channel", r => (byte)r.Channel)
        .Small("Standing", r => (byte)r.Standing)
        .Small("Grade", r => (byte)r.Grade)
        .Time("GivenAt", r => r.GivenAt)
        .Date("LocalDate", r => r.LocalDate)
        .Small("LocalHour", r => r.LocalHour)
        .Time("ReceivedAt", r => r.ReceivedAt)
        .Bytes("ReceiptHash", r => r.ReceiptHash)
        .Bytes("Leaf", r => r.Leaf)
        .Long("Block", r => r.Block)
        .Int("Index", r => r.Index);

    private static readonly ColumnInsert<Correction> Corrections = new ColumnInsert<Correction>("Corrections")
        .Id("RatingId", c => c.RatingId)
        .Small("ReplacedGrade", c => (byte)c.ReplacedGrade)
        .Small("Grade", c => (byte)c.Grade)
        .Time("CorrectedAt", c => c.CorrectedAt)
        .Bytes("Leaf", c => c.Leaf)
        .Long("Block", c => c.Block)
        .Int("Index", c => c.Index);

    private static readonly ColumnInsert<RatingDetail> Details = new ColumnInsert<RatingDetail>("RatingDetails")
        .Id("RatingId", d => d.RatingId)
        .Small("Grade", d => (byte)d.Grade)
        .Int("ItemId", d => d.ItemId)
        .Int("DepartmentId", d => d.DepartmentId)
        .Text("Tags", d => d.Tags)
        .Text("Comment", d => d.Comment)
        .Bytes("CommentSalt", d => d.CommentSalt)
        .Bytes("CommentCommitment", d => d.CommentCommitment)
        .Time("GivenAt", d => d.GivenAt)
        .Bytes("Leaf", d => d.Leaf)
        .Long("Block", d => d.Block)
        .Int("Index", d => d.Index);

    private static readonly ColumnInsert<DeviceMark> Marks = new ColumnInsert<DeviceMark>("DeviceMarks")
        .Date("LocalDate", m => m.LocalDate)
        .Int("WindowId", m => m.WindowId)
        .Long("Device", m => m.Device)
        .Id("RatingId", m => m.RatingId);

    private static readonly ColumnInsert<LedgerKey> Keys = new ColumnInsert<LedgerKey>("LedgerKeys")
        .Int("Id", k => k.Id)
        .Small("Algorithm", k => k.Algorithm)
        .Bytes("PublicKey", k => k.PublicKey)
        .Text("Name", k => k.Name)
        .Int("Replaces", k => k.Replaces)
        .Time("AdmittedAt", k => k.AdmittedAt)
        .Bytes("Leaf", k => k.Leaf)
        .Long("Block", k => k.Block)
        .Int("Index", k => k.Index);

    private static readonly ColumnInsert<KeyValuePair<HourKey, GradeCounts>> Hours = new ColumnInsert<
        KeyValuePair<HourKey, GradeCounts>
    >("TalliesByHour")
        .Date("LocalDate", t => t.Key.LocalDate)
        .Small("LocalHour", t => t.Key.LocalHour)
        .Int("WindowId", t => t.Key.WindowId)
        .Int("DepartmentId", t => t.Key.DepartmentId)
        .Small("Tier", t => (byte)t.Key.Tier)
        .Small("Channel", t => (byte)t.Key.Channel)
        .Small("Standing", t => (byte)t.Key.Standing)
        .Counts(t => t.Value)
        .AddingBy(keys: 7);

    private static readonly ColumnInsert<KeyValuePair<ItemKey, GradeCounts>> Items = new ColumnInsert<
        KeyValuePair<ItemKey, GradeCounts>
    >("TalliesByItem")
        .Date("LocalDate", t => t.Key.LocalDate)
        .Int("WindowId", t => t.Key.WindowId)
        .Int("ItemId", t => t.Key.ItemId)
        .Int("DepartmentId", t => t.Key.DepartmentId)
        .Small("Tier", t => (byte)t.Key.Tier)
        .Small("Standing", t => (byte)t.Key.Standing)
        .Counts(t => t.Value)
        .AddingBy(keys: 6);

    private static readonly ColumnInsert<KeyValuePair<WindowKey, GradeCounts>> Windows = new ColumnInsert<
        KeyValuePair<WindowKey, GradeCounts>
    >("TalliesByWindow")
        .Int("WindowId", t => t.Key.WindowId)
        .Small("Tier", t => (byte)t.Key.Tier)
        .Small("Standing", t => (byte)t.Key.Standing)
        .Counts(t => t.Value)
        .AddingBy(keys: 3);

    private static readonly ColumnInsert<KeyValuePair<TagKey, int>> Tags = new ColumnInsert<KeyValuePair<TagKey, int>>(
        "TalliesByTag"
    )
        .Date("LocalDate", t => t.Key.LocalDate)
        .Int("WindowId", t => t.Key.WindowId)
        .Text("TagCode", t => t.Key.TagCode)
        .Small("Standing", t => (byte)t.Key.Standing)
        .Int("Count", t => t.Value)
        .AddingBy(keys: 4);

    // If the head is not the one that the batch was decided on, the UPDATE returns no sequence. A block without a
    // sequence violates the NOT NULL constraint.
    private const string AppendBlock = """
        WITH head AS (UPDATE "LedgerHead" SET "Sequence" = $1, "Hash" = $6 WHERE "Id" = 1 AND "Sequence" = $1 - 1 AND "Hash" = $7 RETURNING "Sequence")
        INSERT INTO "LedgerBlocks" ("Sequence", "Algorithm", "Root", "Count", "CommittedAt", "Hash", "KeyId", "Signature")
        VALUES ((SELECT "Sequence" FROM head), $2, $3, $4, $5, $6, $8, $9)
        """;

    /// <summary>
    /// Appends the block first. This takes the lock on the head if <see cref="LockedLedger"/> did not take it. After an
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
            trip.BatchCommands.Add(new NpgsqlBatchCommand(LockedLedger.Begin));
        trip.BatchCommands.Add(Append(head, block));
        Add(trip, Ratings, batch.Ratings);
        Add(trip, Corrections, batch.Corrections);
        Add(trip, Details, batch.Details);
        Add(trip, Marks, batch.Marks);
        Add(trip, Keys, batch.Keys);
        Add(trip, Hours, [.. batch.Tallies.Hours]);
        Add(trip, Items, [.. batch.Tallies.Items]);
        Add(trip, Windows, [.. batch.Tallies.Windows]);
        Add(trip, Tags, [.. batch.Tallies.Tags]);
        trip.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        return await trip.ExecuteNonQueryAsync();
    }

    private static NpgsqlBatchCommand Append(LedgerHead head, LedgerBlock block) =>
        new(AppendBlock)
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = block.Sequence },
                new NpgsqlParameter<short> { TypedValue = block.Algorithm },
                new NpgsqlParameter<byte[]> { TypedValue = block.Root },
                new NpgsqlParameter<int> { TypedValue = block.Count },
                new NpgsqlParameter<DateTimeOffset> { TypedValue = block.CommittedAt },
                new NpgsqlParameter<byte[]> { TypedValue = block.Hash },
                new NpgsqlParameter<byte[]> { TypedValue = head.Hash },
                new NpgsqlParameter<int?> { TypedValue = block.KeyId, NpgsqlDbType = NpgsqlDbType.Integer },
                new NpgsqlParameter<byte[]?> { TypedValue = block.Signature, NpgsqlDbType = NpgsqlDbType.Bytea },
            },
        };

    private static void Add<T>(NpgsqlBatch trip, ColumnInsert<T> insert, IReadOnlyList<T> rows)
    {
        if (rows.Count > 0)
            trip.BatchCommands.Add(insert.Of(rows));
    }
}
