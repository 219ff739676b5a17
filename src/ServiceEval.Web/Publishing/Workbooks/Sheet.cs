namespace ServiceEval.Web.Publishing.Workbooks;

/// <summary>A table of a workbook. Its rows are produced one at a time.</summary>
/// <param name="Name">At most 31 characters, without <c>[]:*?/\</c>.</param>
/// <param name="Count">The number of rows. It is given so that the rows need not be written to count them.</param>
public sealed record Sheet(string Name, IReadOnlyList<SheetColumn> Columns, int Count, IEnumerable<object?[]> Rows)
{
    /// <summary>An empty cell, for a figure that does not apply. Null is a figure that is not known.</summary>
    public static readonly object Nothing = DBNull.Value;

    public static Sheet Of<T>(
        string name,
        IReadOnlyList<SheetColumn> columns,
        IReadOnlyCollection<T> things,
        Func<T, object?[]> row
    ) => new(name, columns, things.Count, things.Select(row));
}

/// <param name="Width">In characters of a digit's width. A Chinese character takes two.</param>
public sealed record SheetColumn(string Name, double Width, SheetFormat Format)
{
    public static SheetColumn Text(string name, double width) => new(name, width, SheetFormat.Text);

    public static SheetColumn Count(string name) => new(name, WidthOf(name), SheetFormat.Count);

    public static SheetColumn Rate(string name) => new(name, WidthOf(name), SheetFormat.Rate);

    public static SheetColumn Number(string name) => new(name, WidthOf(name), SheetFormat.Number);

    /// <summary>
    /// Returns a column of percentage points with their sign. The cell contains points and not a share.
    /// </summary>
    public static SheetColumn Points(string name) => new(name, WidthOf(name), SheetFormat.Points);

    /// <summary>
    /// Returns a column of parts of a difference, to hundredths of a percentage point as on the page.
    /// </summary>
    public static SheetColumn Part(string name) => new(name, WidthOf(name), SheetFormat.Part);

    public static SheetColumn Probability(string name) => new(name, WidthOf(name), SheetFormat.Probability);

    public static SheetColumn Date(string name) => new(name, 12, SheetFormat.Date);

    /// <summary>
    /// Returns the width of a column of figures. No figure is wider than ten digits, and a longer header takes two
    /// lines.
    /// </summary>
    private static double WidthOf(string name) => Math.Clamp(name.Sum(c => c < 128 ? 1 : 2) + 2, 10, 12);
}

public enum SheetFormat
{
    Text,
    Count,
    Rate,
    Number,
    Points,
    Part,
    Probability,
    Date,
}
