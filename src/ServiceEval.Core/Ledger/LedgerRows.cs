using ServiceEval.Core.Ratings;
using ServiceEval.Core.Reports;

namespace ServiceEval.Core.Ledger;

/// <summary>
/// The columns that verification reads, and the entities that are made from them. Every column name has the alias
/// <c>t</c> of its table, because SQLite reads a quoted name without an alias as a text if there is no such column. A
/// column of text or bytes may hold a value of any length. If the value is longer than any that our program writes, the
/// query returns NULL, and the database does not send the value.
/// </summary>
internal static class LedgerRows
{
    /// <summary>The maximum length of a hash or signature, in bytes.</summary>
    public const int LongestHash = 64;

    /// <summary>
    /// The maximum length of names, codes and tags, in bytes: 254 characters of four bytes, and a reserve.
    /// </summary>
    public const int LongestName = 2_048;

    /// <summary>The maximum length of a comment, in bytes: 1,000 UTF-16 code units.</summary>
    public const int LongestComment = 4_096;

    /// <summary>
    /// The maximum length of a report, in bytes. The report of a county with 60 halls has about 500 kB.
    /// </summary>
    public const int LongestReport = 32 << 20;

    public static string BlockColumns(string length) =>
        string.Join(
            ", ",
            Columns("Sequence", "Algorithm"),
            Bounded("Root", LongestHash, length),
            Columns("Count", "CommittedAt"),
            Bounded("Hash", LongestHash, length),
            Columns("KeyId"),
            Bounded("Signature", LongestHash, length)
        );

    public static string KeyColumns(string length) =>
        string.Join(
            ", ",
            Columns("Id", "Algorithm"),
            Bounded("PublicKey", LongestName, length),
            Bounded("Name", LongestName, length),
            Columns("Replaces", "AdmittedAt"),
            Bounded("Leaf", LongestHash, length),
            Columns("Block", "Index")
        );

    public static readonly string RatingColumns = Columns(
        "Id",
        "WindowId",
        "DepartmentId",
        "Tier",
        "Channel",
        "Standing",
        "Grade",
        "GivenAt",
        "LocalDate",
        "LocalHour",
        "ReceivedAt",
        "ReceiptHash",
        "Leaf",
        "Block",
        "Index"
    );

    public static readonly string CorrectionColumns = Columns(
        "RatingId",
        "ReplacedGrade",
        "Grade",
        "CorrectedAt",
        "Leaf",
        "Block",
        "Index"
    );

    public static string DetailColumns(string length) =>
        string.Join(
            ", ",
            Columns("RatingId", "Grade", "ItemId", "DepartmentId"),
            Bounded("Tags", LongestName, length),
            Bounded("Comment", LongestComment, length),
            Columns("CommentSalt", "CommentCommitment", "GivenAt", "Leaf", "Block", "Index")
        );

    public static string ReportColumns(string length) =>
        string.Join(
            ", ",
            Bounded("Scope", LongestName, length),
            Bounded("Week", LongestName, length),
            Columns("Version"),
            Bounded("DataHash", LongestHash, length),
            Bounded("ContentHash", LongestHash, length),
            Columns("LedgerSequence"),
            Bounded("LedgerHash", LongestHash, length),
            Columns("CompiledAt"),
            Bounded("Json", LongestReport, length)
        );

    public static string MailColumns(string length) =>
        string.Join(
            ", ",
            Bounded("Scope", LongestName, length),
            Bounded("Week", LongestName, length),
            Columns("Version", "State", "At")
        );

    public static string Columns(params IEnumerable<string> names) =>
        string.Join(", ", names.Select(n => $"t.\"{n}\""));

    /// <param name="length">The database's name for the function that returns the length of a value in bytes.</param>
    public static string Bounded(string name, int bytes, string length) =>
        FormattableString.Invariant($"CASE WHEN {length}(t.\"{name}\") <= {bytes} THEN t.\"{name}\" END");

    public static LedgerBlock Block(SuspectRows row) =>
        new()
        {
            Sequence = row.Large(0),
            Algorithm = row.Small(1),
            Root = row.Hash(2),
            Count = row.Number(3),
            CommittedAt = row.Time(4),
            Hash = row.Hash(5),
            KeyId = row.OptionalNumber(6),
            Signature = row.OptionalBlob(7, 64),
        };

    public static LedgerKey Key(SuspectRows row) =>
        new()
        {
            Id = row.Number(0),
            Algorithm = row.Small(1),
            PublicKey = row.Bytes(2, LedgerKey.PublicKeyLength),
            Name = row.Text(3),
            Replaces = row.Number(4),
            AdmittedAt = row.Time(5),
            Leaf = row.Hash(6),
            Block = row.Large(7),
            Index = row.Number(8),
        };

    public static Rating Rating(SuspectRows row) =>
        Ratings.Rating.Restore(
            row.Id(0),
            row.Number(1),
            row.Number(2),
            (Tier)row.Small(3),
            (Channel)row.Small(4),
            (Standing)row.Small(5),
            (Grade)row.Small(6),
            row.Time(7),
            row.Date(8),
            row.Small(9),
            row.Time(10),
            row.Hash(11),
            row.Hash(12),
            row.Large(13),
            row.Number(14)
        );

    public static Correction Correction(SuspectRows row) =>
        new()
        {
            RatingId = row.Id(0),
            ReplacedGrade = (Grade)row.Small(1),
            Grade = (Grade)row.Small(2),
            CorrectedAt = row.Time(3),
            Leaf = row.Hash(4),
            Block = row.Large(5),
            Index = row.Number(6),
        };

    public static RatingDetail Detail(SuspectRows row) =>
        new()
        {
            RatingId = row.Id(0),
            Grade = (Grade)row.Small(1),
            ItemId = row.Number(2),
            DepartmentId = row.Number(3),
            Tags = row.Text(4),
            Comment = row.OptionalText(5),
            CommentSalt = row.OptionalBlob(6, 16),
            CommentCommitment = row.OptionalBlob(7, 32),
            GivenAt = row.Time(8),
            Leaf = row.Hash(9),
            Block = row.Large(10),
            Index = row.Number(11),
        };

    public static Report Report(SuspectRows row) =>
        new()
        {
            Scope = row.Text(0),
            Week = row.Text(1),
            Version = row.Number(2),
            DataHash = row.Hash(3),
            ContentHash = row.Hash(4),
            LedgerSequence = row.Large(5),
            LedgerHash = row.Hash(6),
            CompiledAt = row.Time(7),
            Json = row.Text(8),
        };
}
