namespace ServiceEval.Web.Tables;

/// <summary>
/// A table from a file that a spreadsheet or another system saved. It is the only reader for all imported files.
/// </summary>
internal sealed class Table(long lines, IReadOnlyList<string> header, IEnumerable<TableRow> rows, IDisposable source)
    : IDisposable
{
    /// <summary>The number of lines, for the progress display.</summary>
    public long Lines => lines;
    public IReadOnlyList<string> Header => header;

    /// <summary>
    /// The rows in order, without the header and without blank rows. The enumeration can throw
    /// <see cref="UnreadableTableException"/>.
    /// </summary>
    public IEnumerable<TableRow> Rows => rows;

    /// <summary>Opens a file. The content decides the format, because people rename files.</summary>
    /// <exception cref="UnreadableTableException">The file cannot be read with certainty.</exception>
    public static Table Open(Stream stream, TableShape shape, CancellationToken ct)
    {
        Span<byte> beginning = stackalloc byte[8];
        beginning = beginning[..stream.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)];
        stream.Position = 0;
        if (beginning.StartsWith("PK\u0003\u0004"u8))
            return WorkbookTable.Open(stream, shape, ct);
        if (beginning is [0xD0, 0xCF, 0x11, 0xE0, ..])
            throw new UnreadableTableException(
                "这是旧版 Excel（.xls）、WPS（.et）或加密的工作簿，请另存为不加密的 .xlsx 或 CSV 后再导入"
            );
        return CsvTable.Open(stream, shape, ct);
    }

    /// <summary>
    /// Returns the index of a column in the header, ignoring case; -1 if the header does not contain the column.
    /// </summary>
    public int PlaceOf(string column) =>
        header
            .Index()
            .Where(h => h.Item.Equals(column, StringComparison.OrdinalIgnoreCase))
            .Select(h => h.Index)
            .FirstOrDefault(-1);

    public void Dispose() => source.Dispose();

    /// <summary>Returns the header's names without the blank names at the end.</summary>
    public static IReadOnlyList<string> HeaderOf(IReadOnlyList<string> cells) => [.. cells.Take(LastFilled(cells) + 1)];

    /// <summary>Returns the index of the last cell that is not empty; -1 if all cells are empty.</summary>
    public static int LastFilled(IReadOnlyList<string> cells)
    {
        var last = cells.Count - 1;
        while (last >= 0 && cells[last].Length == 0)
            last--;
        return last;
    }
}

/// <summary>The properties of a table that are known before it is read.</summary>
/// <param name="Required">The columns by which the header is recognised.</param>
/// <param name="Dates">The columns that may contain dates. In any other column, a date is a code that the spreadsheet
/// has rewritten.</param>
internal sealed record TableShape(IReadOnlyList<string> Required, IReadOnlyList<string> Dates);

/// <summary>
/// A file, or the rest of a file, cannot be read with certainty. The message is a clause without a full stop.
/// </summary>
internal sealed class UnreadableTableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Shortens a text from a file so that an error message can quote it.</summary>
internal static class Excerpt
{
    public static string Of(string text, int length = 40) =>
        text.Length <= length ? text : string.Concat(text.AsSpan(0, length), "…");
}
