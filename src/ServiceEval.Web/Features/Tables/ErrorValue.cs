using System.Text.RegularExpressions;

namespace ServiceEval.Web.Features.Tables;

/// <summary>What a spreadsheet writes where a formula has no result. In a CSV file it looks like a text.</summary>
internal static partial class ErrorValue
{
    public const string Remedy = "请在原文件中改正";

    public static bool Is(string text) => Known().IsMatch(text);

    /// <summary>A clause.</summary>
    public static string FaultOf(string text) => $"有错误值 {Excerpt.Of(text)}";

    [GeneratedRegex(@"\A#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Known();
}
