namespace ServiceEval.Web.Features.Reports.Renderings;

/// <summary>A table of a workbook, one row at a time.</summary>
/// <param name="Name">At most 31 characters, none of <c>[]:*?/\</c>.</param>
/// <param name="Count">How many rows there are, so that nothing has to be counted by writing it.</param>
public sealed record Sheet(string Name, IReadOnlyList<SheetColumn> Columns, int Count, IEnumerable<object?[]> Rows)
{
    /// <summary>The cell that has nothing to say, where null would be a figure that is not known.</summary>
    public static readonly object Nothing = DBNull.Value;

    public static Sheet Of<T>(
        string name,
        IReadOnlyList<SheetColumn> columns,
        IReadOnlyCollection<T> things,
        Func<T, object?[]> row
    ) => new(name, columns, things.Count, things.Select(row));
}

/// <param name="Width">In characters of a digit's width; a Chinese one takes two.</param>
public sealed record SheetColumn(string Name, double Width, SheetFormat Format)
{
    public static SheetColumn Text(string name, double width) => new(name, width, SheetFormat.Text);

    public static SheetColumn Count(string name) => new(name, WidthOf(name), SheetFormat.Count);

    public static SheetColumn Rate(string name) => new(name, WidthOf(name), SheetFormat.Rate);

    public static SheetColumn Number(string name) => new(name, WidthOf(name), SheetFormat.Number);

    /// <summary>Percentage points, with their sign; the cell holds points and not a share.</summary>
    public static SheetColumn Points(string name) => new(name, WidthOf(name), SheetFormat.Points);

    /// <summary>A part of a difference, to hundredths of a point as the page has it.</summary>
    public static SheetColumn Part(string name) => new(name, WidthOf(name), SheetFormat.Part);

    public static SheetColumn Probability(string name) => new(name, WidthOf(name), SheetFormat.Probability);

    public static SheetColumn Date(string name) => new(name, 12, SheetFormat.Date);

    /// <summary>Of a column of figures: none is wider than ten digits, and a longer head takes two lines.</summary>
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
