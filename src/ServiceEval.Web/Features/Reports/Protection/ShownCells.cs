using ServiceEval.Data.Tallies;
using ServiceEval.Web.Features.Halls;

namespace ServiceEval.Web.Features.Reports.Protection;

/// <summary>The cells of a week that a scope's report may show, and compute other figures from.</summary>
/// <param name="isShown">Never asked about a cell without ratings: everybody knows its grades.</param>
internal sealed class ShownCells(Func<Cell, bool> isShown)
{
    public bool Has(Cell cell, int n) => n == 0 || isShown(cell);

    /// <summary>
    /// Of an earlier week: what its frozen report shows and what has not changed since. A week without a report will get the one
    /// that its counts give.
    /// </summary>
    public static ShownCells OfEarlierWeek(PublishedWeek week, WeeklyReport? frozen, DirectorySnapshot directory)
    {
        if (frozen is null) return new(week.Shows);
        var cells = FrozenCells.Of(frozen, directory);
        return new(cell => IsUnchanged(cells, cell, week.Counts(cell)));
    }

    /// <summary>
    /// Of a later version. The difference from the version before speaks of the late ratings alone, so that they are published in
    /// cohorts as well: by place. Subjects, days and channels are shown as before or not at all, because the version before does not
    /// say which late rating has which of them.
    /// </summary>
    /// <param name="newest">The newest reports of the week, by scope.</param>
    public static ShownCells OfVersion(PublishedWeek week, WeeklyReport? earlier, IReadOnlyDictionary<string, WeeklyReport> newest, DirectorySnapshot directory, int cohort)
    {
        if (earlier is null) return OfFirstVersion(week, newest.Values, directory);
        var cells = FrozenCells.Of(earlier, directory);
        var late = LateCells(week, newest.ToDictionary(r => r.Key, r => FrozenCells.Of(r.Value, directory)), directory, cohort);
        return new(cell => week.Shows(cell) && cells.GetValueOrDefault(cell).Good is not null && (IsUnchanged(cells, cell, week.Counts(cell)) || late.Contains(cell)));
    }

    /// <summary>
    /// Of a first version. Another scope's report of the week may be frozen already, and ratings or details may have come in
    /// since: its figures and ours would differ by these alone. So a figure that speaks of what that report speaks of is
    /// shown only if nothing has changed in it.
    /// </summary>
    private static ShownCells OfFirstVersion(PublishedWeek week, IEnumerable<WeeklyReport> others, DirectorySnapshot directory)
    {
        var frozen = others.Select(report => FrozenCells.Of(report, directory)).SelectMany(cells => cells)
            .ToLookup(cell => Anywhere(cell.Key), cell => (Cell: cell.Key, cell.Value.N));
        return new(cell => week.Shows(cell) && frozen[Anywhere(cell)].All(other => other.N == week.Counts(other.Cell).Total));
    }

    /// <summary>The same subject, day or channel in any scope's report; a place is itself only.</summary>
    private static Cell Anywhere(Cell cell) => cell.Table is CellTable.Total or CellTable.Window ? cell : cell with { Hall = 0 };

    /// <summary>The places whose late ratings may be published.</summary>
    private static HashSet<Cell> LateCells(
        PublishedWeek week, Dictionary<string, IReadOnlyDictionary<Cell, (int N, int? Good)>> newest, DirectorySnapshot directory, int cohort)
    {
        var system = new CellSystem<int>(cohort);
        newest.TryGetValue(Data.Halls.Hall.CountyScope, out var county);
        foreach (var hall in directory.Halls)
        {
            if ((county ?? newest.GetValueOrDefault(hall.Code)) is not { } before) continue;
            foreach (var window in hall.Windows)
            {
                var cell = Cell.Window(window.Id);
                var (n, good) = before.GetValueOrDefault(cell);
                var now = week.Counts(cell);
                var late = Math.Max(Math.Abs(now.Total - n), good is { } known && known != now.Good ? 1 : 0);
                system.Add(hall.Id, window.Id, late, [.. county is null ? [] : (Cell[])[Cell.Total(0)], Cell.Total(hall.Id), cell]);
            }
        }
        return [.. system.Publish(new HashSet<Cell>(), cell => cell switch { { Table: CellTable.Total, Hall: 0 } => 0, { Table: CellTable.Total } => 1, _ => 2 })];
    }

    private static bool IsUnchanged(IReadOnlyDictionary<Cell, (int N, int? Good)> cells, Cell cell, GradeCounts now) =>
        cells.TryGetValue(cell, out var before) && before.Good is { } good && before.N == now.Total && (cell.Table == CellTable.Tag || good == now.Good);
}
