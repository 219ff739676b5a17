using ServiceEval.Web.Features.Halls;

namespace ServiceEval.Web.Features.Reports.Protection;

/// <summary>The cells of a week that a scope's report may show, and compute other figures from.</summary>
/// <param name="isShown">Never asked about a cell without ratings: everybody knows its grades.</param>
internal sealed class ShownCells(Func<Cell, bool> isShown)
{
    public bool Has(Cell cell, int n) => n == 0 || isShown(cell);

    /// <summary>
    /// Of an earlier week: what its frozen report shows and what has not changed since. A week without a report will
    /// get the one that its counts give.
    /// </summary>
    public static ShownCells OfEarlierWeek(PublishedWeek week, WeeklyReport? frozen, DirectorySnapshot directory) =>
        frozen is null ? new(week.Shows) : new(new FrozenReport(frozen, directory, week).ShowsAsNow);

    /// <summary>
    /// Of the week's own report. As long as nothing has come in since the first report of the week was frozen, all
    /// scopes share one choice of cells. Afterwards a place is shown that was shown before, if its late ratings may be.
    /// Subjects, days and channels are shown as before or not at all, because no report says which late rating has
    /// which of them. So a scope that is compiled later than the others has only places in its first version. After
    /// late ratings it has only those that the others show.
    /// </summary>
    /// <param name="hall">0 for the county.</param>
    /// <param name="isFirst">Whether the scope has no report of the week yet.</param>
    public static ShownCells OfVersion(PublishedWeek week, int hall, bool isFirst)
    {
        var frozen = week.Frozen;
        if (frozen.IsUnchanged)
            return new(isFirst ? week.Shows : cell => frozen.ShowsAsNow(hall, cell));
        var isPlaceOfFirst = isFirst && frozen.HasSamePlaces;
        return new(cell =>
            cell.IsPlace ? frozen.ShowsPlace(cell) || isPlaceOfFirst && week.Shows(cell) : frozen.ShowsAsNow(hall, cell)
        );
    }
}
