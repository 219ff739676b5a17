using System.Globalization;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>What may be a comment, whether a citizen writes it or a file brings it.</summary>
internal static class CommentText
{
    // They turn the reading direction round, so that a text can show what it does not say (UAX 9).
    private const string BidiControls = "\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069";

    /// <summary>As it is stored; null where nothing was said.</summary>
    public static string? Clean(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Replace("\r\n", "\n", StringComparison.Ordinal).Trim();

    /// <summary>What is wrong with it, without the full stop; null if it may be stored.</summary>
    public static string? FaultOf(string comment)
    {
        var codePoints = 0;
        for (var i = 0; i < comment.Length; i++)
        {
            if (char.IsSurrogate(comment[i]))
            {
                if (!char.IsSurrogatePair(comment, i)) return "意见中有无法保存的字符";
                i++;
            }
            else if ((char.GetUnicodeCategory(comment[i]) == UnicodeCategory.Control && comment[i] is not ('\n' or '\t')) || BidiControls.Contains(comment[i]))
            {
                return "意见中有无法显示的控制字符";
            }
            codePoints++;
        }
        return codePoints > RatingDetail.MaxCommentLength ? $"意见最多{RatingDetail.MaxCommentLength}字，现在是{codePoints}字" : null;
    }
}
