namespace ServiceEval.Web.Publishing.Workbooks;

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
