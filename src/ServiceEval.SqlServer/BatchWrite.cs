using System.Data;
using System.Text;
using Microsoft.Data.SqlClient;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Tallies;

namespace ServiceEval.SqlServer;

/// <summary>The second of two round trips. It writes everything that the batch decided, and commits.</summary>
internal static class BatchWrite
{
    private static readonly JsonInsert<Rating> Ratings = new JsonInsert<Rating>("Ratings")
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

    private static readonly JsonInsert<Correction> Corrections = new JsonInsert<Correction>("Corrections")
        .Id("RatingId", c => c.RatingId)
        .Small("ReplacedGrade", c => (byte)c.ReplacedGrade)
        .Small("Grade", c => (byte)c.Grade)
        .Time("CorrectedAt", c => c.CorrectedAt)
        .Bytes("Leaf", c => c.Leaf)
        .Long("Block", c => c.Block)
        .Int("Index", c => c.Index);

    private static readonly JsonInsert<RatingDetail> Details = new JsonInsert<RatingDetail>("RatingDetails")
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

    private static readonly JsonInsert<DeviceMark> Marks = new JsonInsert<DeviceMark>("DeviceMarks")
        .Date("LocalDate", m => m.LocalDate)
        .Int("WindowId", m => m.WindowId)
        .Long("Device", m => m.Device)
        .Id("RatingId", m => m.RatingId);

    private static readonly JsonInsert<LedgerKey> Keys = new JsonInsert<LedgerKey>("LedgerKeys")
        .Int("Id", k => k.Id)
        .Small("Algorithm", k => k.Algorithm)
        .Bytes("PublicKey", k => k.PublicKey)
        .Text("Name", k => k.Name)
        .Int("Replaces", k => k.Replaces)
        .Time("AdmittedAt", k => k.AdmittedAt)
        .Bytes("Leaf", k => k.Leaf)
        .Long("Block", k => k.Block)
        .Int("Index", k => k.Index);

    private static readonly JsonInsert<KeyValuePair<HourKey, GradeCounts>> Hours = new JsonInsert<
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

    private static readonly JsonInsert<KeyValuePair<ItemKey, GradeCounts>> Items = new JsonInsert<
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

    private static readonly JsonInsert<KeyValuePair<WindowKey, GradeCounts>> Windows = new JsonInsert<
        KeyValuePair<WindowKey, GradeCounts>
    >("TalliesByWindow")
        .Int("WindowId", t => t.Key.WindowId)
        .Small("Tier", t => (byte)t.Key.Tier)
        .Small("Standing", t => (byte)t.Key.Standing)
        .Counts(t => t.Value)
        .AddingBy(keys: 3);

    private static readonly JsonInsert<KeyValuePair<TagKey, int>> Tags = new JsonInsert<KeyValuePair<TagKey, int>>(
        "TalliesByTag"
    )
        .Date("LocalDate", t => t.Key.LocalDate)
        .Int("WindowId", t => t.Key.WindowId)
        .Key("TagCode", t => t.Key.TagCode)
        .Small("Standing", t => (byte)t.Key.Standing)
        .Int("Count", t => t.Value)
        .AddingBy(keys: 4);

    private const string Begin = "SET XACT_ABORT ON; SET NOCOUNT ON;\n";

    // A command with parameters is sent as a procedure. A procedure that ends with fewer transactions than it began
    // with is an error (266), which comes after the commit. So another transaction is begun. It holds nothing, and it
    // is ended when no caller waits any more. The commit must be on disk, even if the database would allow it to be
    // delayed.
    private const string End = """
        INSERT INTO [LedgerBlocks] ([Sequence], [Algorithm], [Root], [Count], [CommittedAt], [Hash], [KeyId], [Signature])
        VALUES (@sequence, @algorithm, @root, @count, @committedAt, @hash, @keyId, @signature);
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
        Add(sql, command, Ratings, batch.Ratings);
        Add(sql, command, Corrections, batch.Corrections);
        Add(sql, command, Details, batch.Details);
        Add(sql, command, Marks, batch.Marks);
        Add(sql, command, Keys, batch.Keys);
        Add(sql, command, Hours, [.. batch.Tallies.Hours]);
        Add(sql, command, Items, [.. batch.Tallies.Items]);
        Add(sql, command, Windows, [.. batch.Tallies.Windows]);
        Add(sql, command, Tags, [.. batch.Tallies.Tags]);
        command.Parameters.Add("@sequence", SqlDbType.BigInt).Value = block.Sequence;
        command.Parameters.Add("@algorithm", SqlDbType.TinyInt).Value = block.Algorithm;
        command.Parameters.Add("@root", SqlDbType.Binary, 32).Value = block.Root;
        command.Parameters.Add("@count", SqlDbType.Int).Value = block.Count;
        command.Parameters.Add(
            new SqlParameter("@committedAt", SqlDbType.DateTimeOffset) { Scale = 3, Value = block.CommittedAt }
        );
        command.Parameters.Add("@hash", SqlDbType.Binary, 32).Value = block.Hash;
        command.Parameters.Add("@keyId", SqlDbType.Int).Value = (object?)block.KeyId ?? DBNull.Value;
        command.Parameters.Add("@signature", SqlDbType.Binary, 64).Value = (object?)block.Signature ?? DBNull.Value;
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

    private static void Add<T>(StringBuilder sql, SqlCommand command, JsonInsert<T> insert, IReadOnlyList<T> rows)
    {
        if (rows.Count > 0)
            insert.AddTo(sql, command.Parameters, rows);
    }
}
