namespace ServiceEval.Web.Tables;

/// <param name="Line">The number of the physical line, or of the sheet's row, where the row begins; starts at
/// 1.</param>
/// <param name="Cells">The trimmed cells in the order of the header.</param>
/// <param name="Fault">Why the row could not be read, without a full stop; null if the row is sound.</param>
/// <param name="IsDoubtful">True if it is uncertain which text belongs to which column: the row is too long, has wrong
/// quotes, or has fewer cells than the header. Such a row is reported only by its id, because the rest could be
/// mistaken for a whole row.</param>
internal sealed record TableRow(long Line, IReadOnlyList<string> Cells, string? Fault = null, bool IsDoubtful = false)
{
    /// <summary>The maximum length in characters. It is several times the longest valid row.</summary>
    public const int MaxLength = 8 * 1024;

    public static string TooLong { get; } = $"这一行超过 {MaxLength} 个字符，请在原文件中改正";

    public static bool IsTooLong(IReadOnlyList<string> cells) => cells.Sum(c => c.Length) > MaxLength;

    /// <summary>
    /// Returns why the cells do not fit the header; null if they fit. A filled cell without a named column is a fault,
    /// because it is often the rest of a text that contains a separator.
    /// </summary>
    public static string? FaultOfShape(IReadOnlyList<string> cells, IReadOnlyList<string> header)
    {
        var filled = Table.LastFilled(cells) + 1;
        if (filled > header.Count)
            return $"这一行有 {filled} 列，表头有 {header.Count} 列";
        if (filled > 0 && cells.Count < header.Count)
            return $"这一行有 {cells.Count} 列，表头有 {header.Count} 列，请在原文件中改正";
        for (var i = 0; i < filled; i++)
            if (header[i].Length == 0 && cells[i].Length > 0)
                return $"{CellPlace.Letters(i)} 列没有列名，却有内容“{Excerpt.Of(cells[i])}”";
        return null;
    }
}
