using System.Text.RegularExpressions;

namespace ServiceEval.Web.Tables;

/// <summary>
/// The error values that a spreadsheet shows if a formula has no result, such as <c>#REF!</c>. In a CSV file such a
/// value looks like text.
/// </summary>
internal static partial class ErrorValue
{
    public const string Remedy = "请在原文件中改正";

    public static bool Is(string text) => Known().IsMatch(text);

    /// <summary>Returns a clause that names the error value.</summary>
    public static string FaultOf(string text) => $"有错误值 {Excerpt.Of(text)}";

    [GeneratedRegex(@"\A#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Known();
}
