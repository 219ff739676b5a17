namespace ServiceEval.Web.Tables;

/// <summary>
/// Finds the separator between the cells of a CSV file. Excel takes it from the system settings, and some files state
/// it in a line before the header.
/// </summary>
internal static class Separators
{
    private const string Statement = "sep=";

    private static readonly char[] Usual = [',', ';', '\t'];

    /// <summary>
    /// Returns the separator, and true if the line only states the separator and is not part of the table.
    /// </summary>
    /// <exception cref="UnreadableTableException">The first line states a character that cannot be a
    /// separator.</exception>
    public static (char Separator, bool IsStated) Of(string firstLine, TableShape shape)
    {
        var line = firstLine.Trim(' ').Trim('"');
        if (!line.StartsWith(Statement, StringComparison.OrdinalIgnoreCase))
            return (Usual.MaxBy(separator => Recognised(firstLine, separator, shape)), false);
        // Another program may have saved the file and padded this line with separators.
        return
            line[Statement.Length..].Distinct().ToArray() is [var stated]
            && !char.IsLetterOrDigit(stated)
            && stated != '"'
            ? (stated, true)
            : throw new UnreadableTableException($"“{Excerpt.Of(line)}”指定的分隔符无法识别，请删去这一行");
    }

    /// <summary>True if the line has only separators, quotes and white space.</summary>
    public static bool IsBlank(string line) => line.All(c => char.IsWhiteSpace(c) || c == '"' || Usual.Contains(c));

    private static int Recognised(string header, char separator, TableShape shape) =>
        header
            .Split(separator)
            .Select(name => name.Trim().Trim('"'))
            .Count(name => shape.Required.Contains(name, StringComparer.OrdinalIgnoreCase));
}
