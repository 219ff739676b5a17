using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ServiceEval.Web.Features.Places;

/// <summary>
/// The content that no text of a set may have, because the text is shown on screens, sheets and reports.
/// </summary>
internal static partial class SeedText
{
    private static readonly string[] Lost = ["\uFFFD", "锟斤拷", "烫烫烫", "??"];

    /// <returns>A clause; null if nothing is wrong.</returns>
    public static string? FaultOf(string text)
    {
        if (text.EnumerateRunes().Where(IsInvisible).Select(r => (Rune?)r).FirstOrDefault() is { } invisible)
            return $"含有看不见的字符 {CodePoint(invisible)}，请删去后重新填写";
        if (Array.Exists(Lost, lost => text.Contains(lost, StringComparison.Ordinal)))
            return "是乱码，原来的字已经丢失，请重新填写";
        return SpoiltNumber().IsMatch(text) ? "是 Excel 改写过的数字或日期，请把这一列设为文本后重新填写" : null;
    }

    /// <summary>Returns the date of a cell, in the form of a CSV file or of a spreadsheet; null for another text.</summary>
    public static DateOnly? DateOf(string text) =>
        DateOnly.TryParseExact(
            text,
            ["yyyy-MM-dd", "yyyy/M/d"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var date
        )
            ? date
            : null;

    public static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;

    public static string CodePoint(Rune rune) => $"U+{rune.Value:X4}";

    /// <summary>
    /// Matches long numbers, codes that look like dates, and error values, in the form in which spreadsheets show them.
    /// </summary>
    [GeneratedRegex(
        @"\A(-?\d(\.\d+)?E\+\d{1,3}|\d{1,2}月\d{1,2}日|\d{1,2}-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|\d{4}[/-]\d{1,2}[/-]\d{1,2}( .*)?|#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)|#{3,})\z",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex SpoiltNumber();
}
