using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>Item, tags and comment as the client sent them, not yet validated.</summary>
public sealed record DetailInput(string? ItemCode, IReadOnlyList<string?>? Tags, string? Comment)
{
    private string? CleanComment => CommentText.Clean(Comment);

    public bool IsEmpty =>
        string.IsNullOrWhiteSpace(ItemCode) && (Tags is null || Tags.Count == 0) && CleanComment is null;

    /// <summary>Returns a detail for this grade, or the problem that says why the detail is refused.</summary>
    public (RatingDetail? Detail, Problem? Problem) For(
        Guid ratingId,
        Grade grade,
        DirectorySnapshot directory,
        DateTimeOffset now
    )
    {
        ServiceItem? item = null;
        if (!string.IsNullOrWhiteSpace(ItemCode) && (item = directory.Item(ItemCode)) is null)
            return (null, RatingProblems.ItemUnknown);

        foreach (var code in Tags ?? [])
        {
            // A null in the JSON passes the nullability of the list.
            if (code is null || directory.Tag(code) is not { } tag)
                return (null, RatingProblems.TagUnknown);
            if (tag.Retired)
                return (null, RatingProblems.TagRetired(tag.Text, tag.TextEn));
            if (tag.Grade != grade)
                return (null, RatingProblems.TagOfAnotherGrade(tag.Text, tag.TextEn));
        }

        var comment = CleanComment;
        if (comment is not null && CommentText.FaultOf(comment) is { } fault)
            return (null, RatingProblems.CommentRefused(fault));
        return (
            RatingDetail.Of(
                ratingId,
                grade,
                item?.Id ?? 0,
                item?.DepartmentId ?? 0,
                (Tags ?? []).OfType<string>(),
                comment,
                now
            ),
            null
        );
    }
}
