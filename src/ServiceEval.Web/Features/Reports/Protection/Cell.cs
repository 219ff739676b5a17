using ServiceEval.Web.Features.Reports.Counting;

namespace ServiceEval.Web.Features.Reports.Protection;

/// <summary>
/// The set of ratings whose good ones a published figure counts. Figures with the same cell are the same figure in
/// every report of the week.
/// </summary>
/// <param name="Hall">The hall whose report has the table; 0 for the county's report. A hall's total is also its row in
/// the county's table of halls.</param>
/// <param name="Key">The id of the window, department or item, the number of the day, or the channel; 0 if the table
/// has one cell.</param>
/// <param name="Tag">The code of the tag. For a place, the id of an earlier version that shows the place.</param>
internal readonly record struct Cell(CellTable Table, int Hall, int Key = 0, string Tag = "")
{
    public bool IsPlace => Table is CellTable.Total or CellTable.Window;

    public static Cell Total(int hall) => new(CellTable.Total, hall);

    /// <summary>Returns the cell of a window. The county's report and the hall's report have the same row.</summary>
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
