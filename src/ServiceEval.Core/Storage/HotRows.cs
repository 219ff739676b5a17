using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage.Columns;
using ServiceEval.Core.Tallies;

namespace ServiceEval.Core.Storage;

/// <summary>
/// The columns of each table of the hot transaction, once for all databases. The hot transaction writes and reads by
/// these lists, and verification reads by them. A new column needs a line here, its property, and a migration. If it is
/// hashed, it needs a line in <see cref="LeafEncoding"/> too.
/// </summary>
public static class HotRows
{
    private const int HashLength = 32;

    /// <summary>
    /// The maximum length of names, codes and tags, in bytes: 254 characters of four bytes, and a reserve.
    /// </summary>
    public const int LongestName = 2_048;

    /// <summary>The maximum length of a comment, in bytes: 1,000 UTF-16 code units.</summary>
    private const int LongestComment = 4_096;

    public static readonly ColumnList<Rating> Ratings = new ColumnList<Rating>("Ratings", static () => new Rating())
        .Id(r => r.Id)
        .Number(r => r.WindowId)
        .Number(r => r.DepartmentId)
        .Small(r => r.Tier)
        .Small(r => r.Channel)
        .Small(r => r.Standing)
        .Small(r => r.Grade)
        .Time(r => r.GivenAt)
        .Date(r => r.LocalDate)
        .Small(r => r.LocalHour)
        .Time(r => r.ReceivedAt)
        .Bytes(r => r.ReceiptHash, HashLength)
        .Entry();

    public static readonly ColumnList<Correction> Corrections = new ColumnList<Correction>(
        "Corrections",
        static () => new Correction()
    )
        .Id(c => c.RatingId)
        .Small(c => c.ReplacedGrade)
        .Small(c => c.Grade)
        .Time(c => c.CorrectedAt)
        .Entry();

    public static readonly ColumnList<RatingDetail> Details = new ColumnList<RatingDetail>(
        "RatingDetails",
        static () => new RatingDetail()
    )
        .Id(d => d.RatingId)
        .Small(d => d.Grade)
        .Number(d => d.ItemId)
        .Number(d => d.DepartmentId)
        .Text(d => d.Tags, LongestName)
        .OptionalText(d => d.Comment, LongestComment)
        .OptionalBytes(d => d.CommentSalt, 16)
        .OptionalBytes(d => d.CommentCommitment, HashLength)
        .Time(d => d.GivenAt)
        .Entry();

    public static readonly ColumnList<DeviceMark> Marks = new ColumnList<DeviceMark>("DeviceMarks")
        .Date(m => m.LocalDate)
        .Number(m => m.WindowId)
        .Large(m => m.Device)
        .Id(m => m.RatingId);

    public static readonly ColumnList<LedgerKey> Keys = new ColumnList<LedgerKey>(
        "LedgerKeys",
        static () => new LedgerKey(),
        boundsBytes: true
    )
        .Number(k => k.Id)
        .Small(k => k.Algorithm)
        .Bytes(k => k.PublicKey, LedgerKey.PublicKeyLength)
        .Text(k => k.Name, LongestName)
        .Number(k => k.Replaces)
        .Time(k => k.AdmittedAt)
        .Entry();

    /// <summary>
    /// The columns by which a commit chooses the key that signs. A damaged name or time of a key must not refuse the
    /// next citizen.
    /// </summary>
    public static readonly ColumnList<LedgerKey> Signers = new ColumnList<LedgerKey>(
        "LedgerKeys",
        static () => new LedgerKey()
    )
        .Number(k => k.Id)
        .Bytes(k => k.PublicKey, LedgerKey.PublicKeyLength)
        .Number(k => k.Replaces);

    public static readonly ColumnList<LedgerBlock> Blocks = new ColumnList<LedgerBlock>(
        "LedgerBlocks",
        static () => new LedgerBlock { Root = [], Hash = [] },
        boundsBytes: true
    )
        .Large(b => b.Sequence)
        .Small(b => b.Algorithm)
        .Bytes(b => b.Root, HashLength)
        .Number(b => b.Count)
        .Time(b => b.CommittedAt)
        .Bytes(b => b.Hash, HashLength)
        .OptionalNumber(b => b.KeyId)
        .OptionalBytes(b => b.Signature, 64);

    public static readonly Tally<HourKey, GradeCounts> Hours = new(
        new ColumnList<KeyValuePair<HourKey, GradeCounts>>("TalliesByHour")
            .Date(t => t.Key.LocalDate)
            .Small(t => t.Key.LocalHour)
            .Number(t => t.Key.WindowId)
            .Number(t => t.Key.DepartmentId)
            .Small(t => t.Key.Tier)
            .Small(t => t.Key.Channel)
            .Small(t => t.Key.Standing)
            .Grades(),
        static (ref v) =>
            new(v.Date(), v.Small(), v.Number(), v.Number(), (Tier)v.Small(), (Channel)v.Small(), (Standing)v.Small()),
        GradeColumns.Read
    );

    public static readonly Tally<ItemKey, GradeCounts> Items = new(
        new ColumnList<KeyValuePair<ItemKey, GradeCounts>>("TalliesByItem")
            .Date(t => t.Key.LocalDate)
            .Number(t => t.Key.WindowId)
            .Number(t => t.Key.ItemId)
            .Number(t => t.Key.DepartmentId)
            .Small(t => t.Key.Tier)
            .Small(t => t.Key.Standing)
            .Grades(),
        static (ref v) => new(v.Date(), v.Number(), v.Number(), v.Number(), (Tier)v.Small(), (Standing)v.Small()),
        GradeColumns.Read
    );

    public static readonly Tally<WindowKey, GradeCounts> Windows = new(
        new ColumnList<KeyValuePair<WindowKey, GradeCounts>>("TalliesByWindow")
            .Number(t => t.Key.WindowId)
            .Small(t => t.Key.Tier)
            .Small(t => t.Key.Standing)
            .Grades(),
        static (ref v) => new(v.Number(), (Tier)v.Small(), (Standing)v.Small()),
        GradeColumns.Read
    );

    public static readonly Tally<TagKey, int> Tags = new(
        new ColumnList<KeyValuePair<TagKey, int>>("TalliesByTag")
            .Date(t => t.Key.LocalDate)
            .Number(t => t.Key.WindowId)
            .Text(t => t.Key.TagCode, LongestName)
            .Small(t => t.Key.Standing)
            .Sum(t => t.Value, nameof(TagTally.Count)),
        static (ref v) => new(v.Date(), v.Number(), v.Text(), (Standing)v.Small()),
        static (ref v) => v.Number()
    );

    /// <summary>The tables that the hot transaction adds rows to, besides the block and the head.</summary>
    public static IReadOnlyList<WrittenTable> Written() =>
        [
            .. EntryKind.All.Select(kind => kind.Written()),
            new WrittenTable<DeviceMark>(Marks, b => b.Marks),
            new WrittenTable<KeyValuePair<HourKey, GradeCounts>>(Hours.Columns, b => b.Tallies.Hours),
            new WrittenTable<KeyValuePair<ItemKey, GradeCounts>>(Items.Columns, b => b.Tallies.Items),
            new WrittenTable<KeyValuePair<WindowKey, GradeCounts>>(Windows.Columns, b => b.Tallies.Windows),
            new WrittenTable<KeyValuePair<TagKey, int>>(Tags.Columns, b => b.Tallies.Tags),
        ];

    /// <summary>Adds the columns that every entry of the ledger has.</summary>
    private static ColumnList<TRow> Entry<TRow>(this ColumnList<TRow> own)
        where TRow : ILedgerEntry => own.Bytes(e => e.Leaf, HashLength).Large(e => e.Block).Number(e => e.Index);
}
