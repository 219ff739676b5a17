using ServiceEval.Data.Ratings;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>What may be a comment, whether a citizen writes it or a file brings it.</summary>
internal static class CommentText
{
    /// <summary>As it is stored; null where nothing was said.</summary>
    public static string? Clean(string? text) =>
        text is not null && VisibleText.Of(text).Trim() is { Length: > 0 } said ? said : null;

    /// <summary>What is wrong with a cleaned one, without the full stop; null if it may be stored.</summary>
    public static Bilingual? FaultOf(string comment)
    {
        var codePoints = 0;
        for (var i = 0; i < comment.Length; i++, codePoints++)
        {
            if (!char.IsSurrogate(comment[i]))
                continue;
            if (!char.IsSurrogatePair(comment, i))
                return new("意见中有无法保存的字符", "The comment has a character that can't be stored");
            i++;
        }
        const int most = RatingDetail.MaxCommentLength;
        return codePoints <= most
            ? null
            : new(
                $"意见最多{most}字，现在是{codePoints}字",
                $"A comment has at most {most} characters; this one has {codePoints}"
            );
    }
}
