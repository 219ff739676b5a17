namespace ServiceEval.Web.Features.Tables;

/// <summary>
/// A table that people saved with a spreadsheet or another system, opened and found legible: the one reader for every
/// file
/// that is taken in.
/// </summary>
internal sealed class Table(long lines, IReadOnlyList<string> header, IEnumerable<TableRow> rows, IDisposable source)
    : IDisposable
{
    /// <summary>How many there are, for the progress.</summary>
    public long Lines => lines;
    public IReadOnlyList<string> Header => header;

    /// <summary>
    /// One after the other, without the header and blank rows; may end in an <see cref="UnreadableTableException"/>.
    /// </summary>
    public IEnumerable<TableRow> Rows => rows;

    /// <summary>The format is found out from the content: people rename files.</summary>
    /// <exception cref="UnreadableTableException">It can't be read for certain.</exception>
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

    /// <summary>Where the header has a column, whatever its case; -1 where it has none.</summary>
    public int PlaceOf(string column) =>
        header
            .Index()
            .Where(h => h.Item.Equals(column, StringComparison.OrdinalIgnoreCase))
            .Select(h => h.Index)
            .FirstOrDefault(-1);

    public void Dispose() => source.Dispose();

    /// <summary>The header's names without the blank ones at its end.</summary>
    public static IReadOnlyList<string> HeaderOf(IReadOnlyList<string> cells) => [.. cells.Take(LastFilled(cells) + 1)];

    /// <summary>The place of the last cell that is not empty; -1 if all are.</summary>
    public static int LastFilled(IReadOnlyList<string> cells)
    {
        var last = cells.Count - 1;
        while (last >= 0 && cells[last].Length == 0)
            last--;
        return last;
    }
}

/// <summary>What is known of a table before it is read.</summary>
/// <param name="Required">The columns by which its header is recognised.</param>
/// <param name="Dates">The columns that may hold dates; in any other a spreadsheet's date is a code that was
/// rewritten.</param>
internal sealed record TableShape(IReadOnlyList<string> Required, IReadOnlyList<string> Dates);

/// <param name="Line">The physical line, or the sheet's row, where it begins; from 1.</param>
/// <param name="Cells">Trimmed, in the order of the header.</param>
/// <param name="Fault">What kept it from being read, without the full stop.</param>
internal sealed record TableRow(long Line, IReadOnlyList<string> Cells, string? Fault = null)
{
    /// <summary>In characters. Several times what the longest lawful row needs.</summary>
    public const int MaxLength = 8 * 1024;

    /// <summary>A longer row is reported by its id alone, because a cut row could pass for a whole one.</summary>
    public bool IsTooLong { get; } = Cells.Sum(c => c.Length) > MaxLength;

    public static string TooLong { get; } = $"这一行超过 {MaxLength} 个字符，请在原文件中改正";

    public static string Uneven(int cells, int columns) => $"这一行有 {cells} 列，表头有 {columns} 列";
}

/// <summary>
/// A file, or the rest of one, that can't be read for certain; a clause of a sentence, without its end.
/// </summary>
internal sealed class UnreadableTableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The beginning of what a file says, for a sentence about it.</summary>
internal static class Excerpt
{
    public static string Of(string text, int length = 40) =>
        text.Length <= length ? text : string.Concat(text.AsSpan(0, length), "…");
}
