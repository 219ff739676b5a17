using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Tallies;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports.Compiling;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;

namespace ServiceEval.Web.Features.Reports.Protection;

/// <summary>
/// The cells of a week that may be published. They are chosen once for all scopes, because a reader
/// of one report also reads the others. All other figures of a report (rates, means, bands, spans of weeks,
/// comparisons) are computed from published cells alone.
/// </summary>
internal sealed class PublishedWeek
{
    private readonly DirectorySnapshot _directory;
    private readonly int _cohort;
    private readonly HashSet<Cell> _shown = [];
    private readonly Queue<Func<IReadOnlyList<Cell>>> _steps = [];
    private readonly Dictionary<Cell, GradeCounts> _counts = [];
    private readonly Lazy<FrozenWeek> _frozen;
    private readonly Lazy<ILookup<PlaceScope, Cell>> _byPlace;
    private readonly DateOnly _monday;
    private WeeksBefore? _before;

    private PublishedWeek(
        DirectorySnapshot directory,
        int cohort,
        IReadOnlyList<WeeklyReport> versions,
        DateOnly monday
    )
    {
        (_directory, _cohort, _monday) = (directory, cohort, monday);
        _frozen = new(() => new FrozenWeek(versions, directory, this, cohort));
        _byPlace = new(() => _counts.Keys.ToLookup(cell => cell.Place));
        // A cell that was published stays published. If ratings have arrived since, this choice is not used any more.
        _steps.Enqueue(() => Frozen.HasSamePlaces ? [.. Frozen.Shown] : []);
    }

    /// <summary>The figures that the frozen reports of the week have already published.</summary>
    public FrozenWeek Frozen => _frozen.Value;

    /// <summary>Returns the cells of a scope's own tables that have ratings.</summary>
    public IEnumerable<Cell> CellsOf(PlaceScope place) => _byPlace.Value[place];

    /// <summary>
    /// Returns whether a cell may be published. The cells are chosen at the first call and not before, because the
    /// frozen report of an earlier week may make the choice unnecessary.
    /// </summary>
    public bool Shows(Cell cell)
    {
        lock (_steps)
        {
            while (_steps.TryDequeue(out var publish))
                _shown.UnionWith(publish());
            return _shown.Contains(cell);
        }
    }

    /// <summary>
    /// Returns the counts of a cell. For a tag, they only say how often it was given, and not its grade.
    /// </summary>
    public GradeCounts Counts(Cell cell) => _counts.GetValueOrDefault(cell);

    /// <summary>
    /// Chooses the cells of places, subjects and tags. The counts of an earlier week contain only these.
    /// </summary>
    public static PublishedWeek Of(WeekCounts week, DirectorySnapshot directory, int cohort) =>
        Of(week, directory, cohort, []);

    private static PublishedWeek Of(
        WeekCounts week,
        DirectorySnapshot directory,
        int cohort,
        IReadOnlyList<WeeklyReport> versions
    )
    {
        var published = new PublishedWeek(directory, cohort, versions, week.Week.Monday);
        published.AddSubjects(week);
        published.AddTags(week);
        return published;
    }

    /// <param name="rows">The rows of every window.</param>
    /// <param name="entries">The entries of every window.</param>
    /// <param name="versions">The week's frozen reports, every version of every scope.</param>
    /// <param name="before">The weeks before. Four weeks together need the same cells to be shown in each of the
    /// weeks.</param>
    public static PublishedWeek Of(
        WeekRows rows,
        WeekEntries entries,
        DirectorySnapshot directory,
        int cohort,
        IReadOnlyList<WeeklyReport> versions,
        WeeksBefore before
    )
    {
        var published = Of(WeekCounts.Of(rows), directory, cohort, versions);
        published._before = before;
        published.AddCuts(rows, entries);
        return published;
    }

    private void AddSubjects(WeekCounts week)
    {
        var system = new CellSystem<SubjectCount>(_cohort);
        foreach (var subject in week.Subjects())
        {
            Cell[] cells = [.. Places(subject.WindowId), .. Subjects(subject)];
            system.Add(HallOf(subject.WindowId), subject with { Counts = default }, subject.Counts.Total, cells);
            foreach (var cell in cells)
                _counts[cell] = Counts(cell) + subject.Counts;
        }
        // Places come first. Items come before departments, because a department is one cell but has many items.
        Publish(
            system,
            cell =>
                cell switch
                {
                    { Table: CellTable.Total } => RankOf(cell),
                    { Table: CellTable.Window } => 3,
                    { Table: CellTable.Item } => 4,
                    _ => 5,
                }
        );
    }

    /// <summary>
    /// Adds days, channels, active ratings, repeats and corrections. These tables cut across the tables of places and
    /// subjects and across each other, so they are one system: a channel less its repeats must not leave a few ratings.
    /// </summary>
    private void AddCuts(WeekRows rows, WeekEntries entries)
    {
        var marked = Marked(entries);
        var system = new CellSystem<(RatingGroup, Marks)>(_cohort);
        foreach (var (group, count) in Known(rows, entries.Named))
            Add(group, default, count - marked[group].Sum(m => m.Count));
        foreach (var (group, marks, count) in marked.SelectMany(group => group))
            Add(group, marks, count);
        AddCounts(rows, entries);
        Publish(
            system,
            cell =>
                cell.Table switch
                {
                    CellTable.Active => 0,
                    CellTable.Day => 3,
                    CellTable.Channel => 6,
                    CellTable.Repeats => 9,
                    _ => 12,
                } + RankOf(cell)
        );

        void Add(RatingGroup group, Marks marks, int count)
        {
            var hall = HallOf(group.WindowId);
            Cell[] cells =
            [
                .. Places(group.WindowId),
                .. Subjects(new(group.WindowId, group.DepartmentId, group.ItemId, default)),
                .. Cuts(group.WindowId, group.LocalDate, group.Channel, group.Tier),
                .. marks.IsRepeat ? Marking(CellTable.Repeats, group.WindowId) : [],
                .. marks.IsCorrected ? Marking(CellTable.Corrections, group.WindowId) : [],
            ];
            system.Add(hall, (group, marks), Math.Max(count, 0), cells);
        }
    }

    private void AddCounts(WeekRows rows, WeekEntries entries)
    {
        foreach (var row in rows.Valid)
            Count(Cuts(row.WindowId, row.LocalDate, row.Channel, row.Tier), row.Counts);
        foreach (var repeat in entries.Repeats.Where(r => r.IsValid))
            Count(Marking(CellTable.Repeats, repeat.WindowId), GradeCounts.One(repeat.Grade));
        foreach (var corrected in entries.Corrections)
            Count(Marking(CellTable.Corrections, corrected.WindowId), GradeCounts.One(corrected.Grade));

        void Count(Cell[] cells, GradeCounts counts)
        {
            foreach (var cell in cells)
                _counts[cell] = Counts(cell) + counts;
        }
    }

    /// <summary>Whether two tables count a rating separately.</summary>
    private readonly record struct Marks(bool IsRepeat, bool IsCorrected);

    /// <summary>Returns the numbers of repeats and corrected ratings by group. A rating can be both.</summary>
    private static ILookup<RatingGroup, (RatingGroup Group, Marks Marks, int Count)> Marked(WeekEntries entries)
    {
        var repeats = entries.Repeats.Where(r => r.IsValid).ToDictionary(r => r.RatingId, r => r.Group);
        var corrected = entries.Corrections.ToDictionary(c => c.RatingId, c => c.Group);
        return repeats
            .Concat(corrected)
            .DistinctBy(rating => rating.Key)
            .CountBy(r => (Group: r.Value, new Marks(repeats.ContainsKey(r.Key), corrected.ContainsKey(r.Key))))
            .Select(m => (m.Key.Group, m.Key.Item2, m.Value))
            .ToLookup(m => m.Group);
    }

    private Cell[] Marking(CellTable table, int window) =>
        [.. ScopesOf(window).Select(place => new Cell(table, place))];

    private Cell[] Cuts(int window, DateOnly date, Channel channel, Tier tier) =>
        [
            .. ScopesOf(window)
                .SelectMany(place =>
                    (Cell[])
                        [
                            Cell.Day(place, date),
                            new(CellTable.Channel, place, (int)channel),
                            .. tier.IsActive() ? [new(CellTable.Active, place)] : (Cell[])[],
                        ]
                ),
        ];

    /// <summary>
    /// Returns everything that the tables say about single ratings. The ratings without an item are the window's
    /// ratings minus the ratings with an item.
    /// </summary>
    private static IEnumerable<NamedItems> Known(WeekRows rows, IReadOnlyList<NamedItems> named)
    {
        var taken = named
            .GroupBy(n => n.Group with { DepartmentId = 0, ItemId = 0 })
            .ToDictionary(g => g.Key, g => g.Sum(n => n.Count));
        var unnamed = rows
            .Valid.GroupBy(r => new RatingGroup(r.LocalDate, r.WindowId, r.Channel, r.Tier, r.DepartmentId, 0))
            .Select(g =>
            {
                var key = g.Key with { DepartmentId = 0 };
                var n = g.Sum(r => r.Counts.Total);
                var some = Math.Min(n, taken.GetValueOrDefault(key));
                taken[key] = taken.GetValueOrDefault(key) - some;
                return new NamedItems(g.Key, n - some);
            });
        return named.Concat(unnamed);
    }

    /// <summary>
    /// Adds the tags. A tag discloses the grade of its rating. So a region's number minus the numbers of the places below it
    /// must not be small.
    /// </summary>
    private void AddTags(WeekCounts week)
    {
        var system = new CellSystem<(int, string)>(_cohort);
        foreach (var tag in week.Tags)
        {
            var hall = HallOf(tag.WindowId);
            Cell[] cells = [.. ScopesOf(tag.WindowId).Select(place => new Cell(CellTable.Tag, place, 0, tag.TagCode))];
            system.Add(hall, (hall, tag.TagCode), tag.Count, cells);
            foreach (var cell in cells)
                _counts[cell] = Counts(cell) + GradeCounts.One(Grade.VerySatisfied) * tag.Count;
        }
        Publish(system, RankOf);
        _steps.Enqueue(() => OtherTags(week));
    }

    /// <summary>
    /// Chooses the cells of the tags that are not named. For each scope these tags are one number. It may be published
    /// only if it is safe beside the named tags.
    /// </summary>
    private IReadOnlyList<Cell> OtherTags(WeekCounts week)
    {
        var system = new CellSystem<(int, string)>(_cohort);
        foreach (var tag in week.Tags)
        {
            var hall = HallOf(tag.WindowId);
            system.Add(
                hall,
                (hall, tag.TagCode),
                tag.Count,
                [.. ScopesOf(tag.WindowId).Select(place => CellOf(place, tag.TagCode))]
            );
        }
        return system.Publish(_shown, RankOf);

        Cell CellOf(PlaceScope scope, string code)
        {
            var named = new Cell(CellTable.Tag, scope, 0, code);
            return _shown.Contains(named) ? named : new Cell(CellTable.OtherTags, scope);
        }
    }

    private void Publish<TAtom>(CellSystem<TAtom> system, Func<Cell, int> rank)
        where TAtom : notnull =>
        _steps.Enqueue(() =>
            system.Publish(_shown, rank, Figures, cell => _before?.Together(cell, Counts(cell).Total) ?? 0)
        );

    /// <summary>
    /// Returns the number of figures that the reports have for the cell. Four weeks together are a second figure.
    /// </summary>
    private int Figures(Cell cell) => _before?.Completes(cell, Counts(cell).Total) == true ? 2 : 1;

    private Cell[] Places(int window) => [.. ScopesOf(window).Select(Cell.Total), Cell.Window(window)];

    private Cell[] Subjects(SubjectCount subject) =>
        [
            .. ScopesOf(subject.WindowId)
                .SelectMany(place =>
                    (Cell[])
                        [
                            new(CellTable.Department, place, subject.DepartmentId),
                            new(CellTable.Item, place, subject.ItemId),
                        ]
                ),
        ];

    /// <summary>Ranks a cell by its place: the root, the other regions, the halls.</summary>
    internal static int RankOf(Cell cell) =>
        cell.Place == PlaceScope.Root ? 0
        : cell.Place.IsRegion ? 1
        : 2;

    /// <summary>Returns the scopes whose reports of the week count the window, from the root down to the hall.</summary>
    public IReadOnlyList<PlaceScope> ScopesOf(WindowEntry window) =>
        _directory.Regions.ScopesOf(window.Hall.Id, _monday);

    private IReadOnlyList<PlaceScope> ScopesOf(int window) => ScopesOf(_directory.Window(window)!);

    private int HallOf(int window) => _directory.Window(window)!.Hall.Id;
}
