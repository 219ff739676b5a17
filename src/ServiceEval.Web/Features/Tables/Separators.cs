namespace ServiceEval.Web.Features.Tables;

/// <summary>
/// What stands between the cells of a CSV file: Excel takes it from the system's settings, and some files state it.
/// </summary>
internal static class Separators
{
    private const string Statement = "sep=";

    private static readonly char[] Usual = [',', ';', '\t'];

    /// <summary>The separator, and whether the first line only states it and is no part of the table.</summary>
    /// <exception cref="UnreadableTableException">It states what can't separate.</exception>
    public static (char Separator, bool IsStated) Of(string firstLine, TableShape shape)
    {
        var line = firstLine.Trim(' ').Trim('"');
        if (!line.StartsWith(Statement, StringComparison.OrdinalIgnoreCase))
            return (Usual.MaxBy(separator => Recognised(firstLine, separator, shape)), false);
        // Padded with separators where another program has saved it.
        return
            line[Statement.Length..].Distinct().ToArray() is [var stated]
            && !char.IsLetterOrDigit(stated)
            && stated != '"'
            ? (stated, true)
            : throw new UnreadableTableException($"第 1 行“{Excerpt.Of(line)}”指定的分隔符无法识别，请删去这一行");
    }

    private static int Recognised(string header, char separator, TableShape shape) =>
        header
            .Split(separator)
            .Select(name => name.Trim().Trim('"'))
            .Count(name => shape.Required.Contains(name, StringComparer.OrdinalIgnoreCase));
}
