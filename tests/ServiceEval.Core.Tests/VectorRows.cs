using System.Globalization;
using System.Text.Json;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Core.Tests;

/// <summary>Makes our entities from rows as FORMAT.md writes them in a dump.</summary>
internal static class VectorRows
{
    public static byte[] Leaf(string table, JsonElement row) =>
        table switch
        {
            "Ratings" => Rating(row).Leaf,
            "Corrections" => LeafEncoding.Of(Correction(row)),
            "RatingDetails" => LeafEncoding.Of(Detail(row)),
            "LedgerKeys" => LeafEncoding.Of(Key(row)),
            _ => throw new ArgumentException($"{table} holds no entries.", nameof(table)),
        };

    public static LedgerKey Key(JsonElement row) =>
        new()
        {
            Id = row.Int("Id"),
            Algorithm = row.Byte("Algorithm"),
            PublicKey = row.Bytes("PublicKey"),
            Name = row.Text("Name"),
            Replaces = row.Int("Replaces"),
            AdmittedAt = row.Time("AdmittedAt"),
        };

    public static LedgerBlock Block(JsonElement row)
    {
        var isSigned =
            row.TryGetProperty("Signature", out var signature) && signature.ValueKind == JsonValueKind.String;
        return new LedgerBlock
        {
            // A number above 2^53 is written as a text, because JSON readers would round it.
            Sequence = long.Parse(row.GetProperty("Sequence").ToString(), CultureInfo.InvariantCulture),
            Algorithm = row.Byte("Algorithm"),
            Root = row.Bytes("Root"),
            Count = row.Int("Count"),
            CommittedAt = row.Time("CommittedAt"),
            Hash = row.Bytes("Hash"),
            KeyId = isSigned ? row.Int("KeyId") : null,
            Signature = isSigned ? row.Bytes("Signature") : null,
        };
    }

    public static string Text(this JsonElement row, string name) => row.GetProperty(name).GetString()!;

    public static byte[] Bytes(this JsonElement row, string name) => Convert.FromHexString(row.Text(name));

    private static Rating Rating(JsonElement row) =>
        Core.Ratings.Rating.Restore(
            row.Id("Id"),
            row.Int("WindowId"),
            row.Int("DepartmentId"),
            (Tier)row.Byte("Tier"),
            (Channel)row.Byte("Channel"),
            (Standing)row.Byte("Standing"),
            row.Grade("Grade"),
            row.Time("GivenAt"),
            DateOnly.ParseExact(row.Text("LocalDate"), "yyyy-MM-dd", CultureInfo.InvariantCulture),
            row.Byte("LocalHour"),
            row.Time("ReceivedAt"),
            row.Bytes("ReceiptHash"),
            leaf: null
        );

    private static Correction Correction(JsonElement row) =>
        new()
        {
            RatingId = row.Id("RatingId"),
            ReplacedGrade = row.Grade("ReplacedGrade"),
            Grade = row.Grade("Grade"),
            CorrectedAt = row.Time("CorrectedAt"),
        };

    private static RatingDetail Detail(JsonElement row) =>
        new()
        {
            RatingId = row.Id("RatingId"),
            Grade = row.Grade("Grade"),
            ItemId = row.Int("ItemId"),
            DepartmentId = row.Int("DepartmentId"),
            Tags = row.Text("Tags"),
            CommentCommitment = row.GetProperty("CommentCommitment").GetString() is { } commitment
                ? Convert.FromHexString(commitment)
                : null,
            GivenAt = row.Time("GivenAt"),
        };

    private static int Int(this JsonElement row, string name) => row.GetProperty(name).GetInt32();

    private static byte Byte(this JsonElement row, string name) => row.GetProperty(name).GetByte();

    private static Grade Grade(this JsonElement row, string name) => (Grade)row.Byte(name);

    private static Guid Id(this JsonElement row, string name) => new(row.Bytes(name), bigEndian: true);

    private static DateTimeOffset Time(this JsonElement row, string name) =>
        DateTimeOffset.FromUnixTimeMilliseconds(row.GetProperty(name).GetInt64());
}
