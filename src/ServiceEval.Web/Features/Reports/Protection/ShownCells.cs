using ServiceEval.Core.Places;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Web.Features.Reports.Protection;

/// <summary>The cells of a week that a scope's report may show and compute other figures from.</summary>
/// <param name="isShown">Not called for a cell without ratings, because its grades are known: there are none.</param>
internal sealed class ShownCells(Func<Cell, bool> isShown)
{
    /// <summary>Shows only that cells without ratings have none.</summary>
    public static ShownCells Nothing { get; } = new(_ => false);

    public bool Has(Cell cell, int n) => n == 0 || isShown(cell);

    /// <summary>
    /// Returns the cells of an earlier week: the cells that its frozen report shows and that have not changed since. A
    /// week without a readable report shows nothing. Its counts may change before another report reads them, and the
    /// difference between the two reports would be the few ratings that arrived in between.
    /// </summary>
    public static ShownCells OfEarlierWeek(PublishedWeek week, WeeklyReport? frozen, DirectorySnapshot directory) =>
        frozen is null ? Nothing : new(new FrozenReport(frozen, directory, week).ShowsAsNow);

    /// <summary>
    /// Returns the cells of the week's own report. Until something arrives after the first report of the week was
    /// frozen, all scopes share one choice of cells. After that, a place is shown if it was shown before and if its
    /// late ratings may be shown. Subjects, days and channels are shown as before or not at all, because no report says
    /// to which of them a late rating belongs. So a scope that is compiled later than the others has only places in its
    /// first version. After late ratings it has only the places that the others show.
    /// </summary>
    /// <param name="isFirst">Whether the scope has no report of the week yet.</param>
    public static ShownCells OfVersion(PublishedWeek week, PlaceScope place, bool isFirst)
    {
        var frozen = week.Frozen;
        if (frozen.IsUnchanged)
            return new(isFirst ? week.Shows : cell => frozen.ShowsAsNow(place, cell));
        var isPlaceOfFirst = isFirst && frozen.HasSamePlaces;
        return new(cell =>
            cell.IsPlace
                ? frozen.ShowsPlace(cell) || isPlaceOfFirst && week.Shows(cell)
                : frozen.ShowsAsNow(place, cell)
        );
    }
}
