using ServiceEval.Data.Halls;
using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Halls;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>Item, tags and comment as they came in, not yet believed.</summary>
public sealed record DetailInput(string? ItemCode, IReadOnlyList<string?>? Tags, string? Comment)
{
    private string? CleanComment => CommentText.Clean(Comment);

    public bool IsEmpty => string.IsNullOrWhiteSpace(ItemCode) && (Tags is null || Tags.Count == 0) && CleanComment is null;

    /// <summary>A detail for this grade, or the one sentence that says why it can't be one.</summary>
    public (RatingDetail? Detail, string? Fault) For(Guid ratingId, Grade grade, DirectorySnapshot directory, DateTimeOffset now)
    {
        ServiceItem? item = null;
        if (!string.IsNullOrWhiteSpace(ItemCode) && (item = directory.Item(ItemCode)) is null) return (null, "没有这个事项，请重新选择。");

        foreach (var code in Tags ?? [])
        {
            // JSON's null gets past the nullability of the list.
            if (code is null || directory.Tag(code) is not { } tag) return (null, "没有这个评价标签，请重新选择。");
            if (tag.Retired) return (null, $"评价标签“{tag.Text}”已停用，请重新选择。");
            if (tag.Grade != grade) return (null, $"评价标签“{tag.Text}”不属于您选的评价，请重新选择。");
        }

        var comment = CleanComment;
        if (comment is not null && CommentText.FaultOf(comment) is { } fault) return (null, $"{fault}，请修改后再提交。");
        return (RatingDetail.Of(ratingId, grade, item?.Id ?? 0, item?.DepartmentId ?? 0, (Tags ?? []).OfType<string>(), comment, now), null);
    }
}
