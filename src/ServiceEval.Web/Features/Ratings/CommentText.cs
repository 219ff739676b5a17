using ServiceEval.Core.Ratings;
using ServiceEval.Web.Components;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>The rules for a comment, whether a citizen writes it or a file contains it.</summary>
internal static class CommentText
{
    /// <summary>Returns the text to store; null if the comment is empty.</summary>
    public static string? Clean(string? text) =>
        text is not null && VisibleText.Of(text).Trim() is { Length: > 0 } said ? said : null;

    /// <summary>
    /// Returns what is wrong with a cleaned comment, without the full stop; null if the comment may be stored.
    /// </summary>
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
