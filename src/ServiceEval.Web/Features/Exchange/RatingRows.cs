using System.Text.RegularExpressions;
using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Tables;

namespace ServiceEval.Web.Features.Exchange;

/// <summary>A row that may be appended, or a row that cannot be appended and the reason.</summary>
internal sealed record PreparedRow(FileRow Row, ImportRating? Request, string? Reason);

/// <summary>Converts the rows of one source to ratings.</summary>
internal sealed partial class RatingRows(
    DirectorySnapshot directory,
    string source,
    ExchangeProfile? profile,
    TimeProvider time
)
{
    private const int MaxExternalIdLength = 200;

    /// <summary>
    /// The receipt hash of every imported rating. No citizen holds a receipt of an imported rating, and no receipt has
    /// this hash.
    /// </summary>
    private static readonly byte[] NoReceipt = new byte[32];

    public PreparedRow Prepare(FileRow row)
    {
        var (request, reason) = row.Fault is null ? Read(row) : (null, row.Fault);
        return new PreparedRow(row, request, reason);
    }

    private (ImportRating? Request, string? Reason) Read(FileRow row)
    {
        // An error value is a fault in every column. A cell of a workbook with an error value is a fault too.
        if (Array.FindIndex(row.Values, ErrorValue.Is) is >= 0 and var wrong)
            return (null, $"{ErrorValue.FaultOf(row[wrong])}（{Columns.Names[wrong]} 列），{ErrorValue.Remedy}");
        var externalId = row[Columns.ExternalId];
        if (externalId.Length == 0)
            return (null, "externalId 是空的");
        if (externalId.Length > MaxExternalIdLength)
            return (null, $"externalId 超过 {MaxExternalIdLength} 个字符");
        if (externalId.Any(char.IsControl))
            return (null, "externalId 中有控制字符");
        // With another id, the same rating would be imported a second time.
        if (NumberOfExcel().IsMatch(externalId))
            return (null, $"externalId 的“{externalId}”是 Excel 改写过的数字，请把这一列设为文本后重新填写");

        if (row[Columns.WindowCode].Length == 0)
            return (null, "windowCode 是空的");
        if (directory.Window(row[Columns.WindowCode]) is not { } window)
            return (null, $"没有编码为“{Excerpt.Of(row[Columns.WindowCode])}”的窗口");

        ServiceItem? item = null;
        if (row[Columns.ItemCode].Length > 0 && (item = directory.Item(row[Columns.ItemCode])) is null)
            return (null, $"没有编码为“{Excerpt.Of(row[Columns.ItemCode])}”的事项");

        var (channel, noChannel) = ExchangeProfile.ChannelOf(profile, row[Columns.Channel]);
        if (channel is not { } through)
            return (null, noChannel);
        var (grade, noGrade) = ExchangeProfile.GradeOf(profile, row[Columns.Grade]);
        if (grade is not { } given)
            return (null, noGrade);
        var now = time.GetUtcNow();
        var (at, noTime) = SubmittedAt.Read(row[Columns.SubmittedAt], window.Hall.Zone, now);
        if (at is not { } submittedAt)
            return (null, noTime);
        var comment = CommentText.Clean(row[Columns.Comment]);
        if (comment is not null && CommentText.FaultOf(comment) is { } noComment)
            return (null, noComment.Chinese);

        var id = ImportId.Of(source, externalId);
        var rating = Rating.Give(
            id,
            window.Id,
            window.Window.DepartmentId ?? 0,
            Tier.Imported,
            through,
            given,
            submittedAt,
            window.Hall.Zone,
            now,
            NoReceipt
        );
        var detail =
            item is null && comment is null
                ? null
                : RatingDetail.Of(id, given, item?.Id ?? 0, item?.DepartmentId ?? 0, [], comment, submittedAt);
        return (new ImportRating(rating, detail), null);
    }

    [GeneratedRegex(@"^\d(\.\d+)?E\+\d{1,3}\z", RegexOptions.IgnoreCase)]
    private static partial Regex NumberOfExcel();
}
