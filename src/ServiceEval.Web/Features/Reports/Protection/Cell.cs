using ServiceEval.Core.Places;
using ServiceEval.Web.Features.Reports.Counting;

namespace ServiceEval.Web.Features.Reports.Protection;

/// <summary>
/// The set of ratings whose good ones a published figure counts. Figures with the same cell are the same figure in
/// every report of the week.
/// </summary>
/// <param name="Place">The scope whose report has the table. A place's total is also its row in the reports of the
/// regions above it.</param>
/// <param name="Key">The id of the window, department or item, the number of the day, or the channel; 0 if the table
/// has one cell.</param>
/// <param name="Tag">The code of the tag. For a place, the id of an earlier version that shows the place.</param>
internal readonly record struct Cell(CellTable Table, PlaceScope Place, int Key = 0, string Tag = "")
{
    public bool IsPlace => Table is CellTable.Total or CellTable.Window;

    public static Cell Total(PlaceScope place) => new(CellTable.Total, place);

    /// <summary>Returns the cell of a window. Every report that lists the window has the same row.</summary>
    public static Cell Window(int window) => new(CellTable.Window, PlaceScope.Root, window);

    public static Cell Day(PlaceScope place, DateOnly date) => new(CellTable.Day, place, date.DayNumber);
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
