namespace ServiceEval.Web.Features.Reports.Protection;

/// <summary>
/// Whose good ratings a published figure counts. Figures with the same cell are the same figure in every report of the
/// week.
/// </summary>
/// <param name="Hall">The hall whose report has the table; 0 for the county's. A hall's total is also its row in the
/// county's table of halls.</param>
/// <param name="Key">The id of the window, department or item, the day's number or the channel; 0 where the table has
/// one cell.</param>
/// <param name="Tag">The tag's code. Of a place, the id of a version before that shows it.</param>
internal readonly record struct Cell(CellTable Table, int Hall, int Key = 0, string Tag = "")
{
    public bool IsPlace => Table is CellTable.Total or CellTable.Window;

    public static Cell Total(int hall) => new(CellTable.Total, hall);

    /// <summary>The county's report and the hall's have the same row.</summary>
    public static Cell Window(int window) => new(CellTable.Window, 0, window);

    public static Cell Day(int hall, DateOnly date) => new(CellTable.Day, hall, date.DayNumber);
}

internal enum CellTable
{
    Total,
    Window,
    Department,
    Item,
    Active,
    Day,
    Channel,
    Repeats,
    Corrections,
    Tag,
    OtherTags,
}
