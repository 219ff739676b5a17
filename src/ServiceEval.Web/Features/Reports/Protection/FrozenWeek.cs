using ServiceEval.Core.Places;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Web.Features.Reports.Protection;

/// <summary>
/// The figures that the week's frozen reports, every version of every scope, have already published. They are read once
/// for all reports of a sweep.
/// </summary>
internal sealed class FrozenWeek
{
    private readonly DirectorySnapshot _directory;
    private readonly PublishedWeek _now;
    private readonly int _cohort;
    private readonly ILookup<PlaceScope, FrozenReport> _byPlace;
    private readonly HashSet<Cell> _shown;
    private readonly Lazy<(HashSet<Cell> Late, HashSet<Cell> Shown)> _late;

    public FrozenWeek(IReadOnlyList<WeeklyReport> versions, DirectorySnapshot directory, PublishedWeek now, int cohort)
    {
        (_directory, _now, _cohort) = (directory, now, cohort);
        List<FrozenReport> reports = [.. versions.Select(report => new FrozenReport(report, directory, now))];
        _byPlace = reports.ToLookup(report => report.Place);
        _shown = [.. reports.SelectMany(report => report.Shown)];
        HasSamePlaces = reports.TrueForAll(report => report.HasSamePlaces);
        IsUnchanged = reports.TrueForAll(report => report.IsUnchanged);
        _late = new(LatePlaces);
    }

    /// <summary>Whether nothing that a frozen report counts has arrived since.</summary>
    public bool IsUnchanged { get; }

    /// <summary>Whether no rating that a frozen report counts has arrived since. Details may have arrived.</summary>
    public bool HasSamePlaces { get; }

    /// <summary>The cells that at least one of the reports shows.</summary>
    public IReadOnlySet<Cell> Shown => _shown;

    /// <summary>
    /// Returns whether a place may be shown with its current count: it was shown before, and its late ratings may be
    /// shown.
    /// </summary>
    public bool ShowsPlace(Cell cell)
    {
        var (late, shown) = _late.Value;
        return _shown.Contains(cell) && (!late.Contains(cell) || shown.Contains(cell));
    }

    /// <summary>Returns whether a version of the scope's report shows the cell with its current count.</summary>
    public bool ShowsAsNow(PlaceScope place, Cell cell) => _byPlace[place].Any(report => report.ShowsAsNow(cell));

    /// <summary>
    /// Returns the places that have late ratings, and those of them that may be shown. The difference between a place's
    /// figures in two versions discloses the ratings that arrived between the versions. So late ratings are a system of
    /// cells over all versions. An atom is the ratings that arrived for one window between two versions. The figures
    /// that the versions have shown are published already.
    /// </summary>
    private (HashSet<Cell> Late, HashSet<Cell> Shown) LatePlaces()
    {
        var system = new CellSystem<(int Window, int Upto)>(_cohort);
        var (late, facts) = (new HashSet<Cell>(), new HashSet<Cell>());
        foreach (var window in _directory.Halls.SelectMany(hall => hall.Windows))
        {
            var cell = Cell.Window(window.Id);
            var scopes = _now.ScopesOf(window);
            List<FrozenReport> versions = [.. scopes.SelectMany(scope => _byPlace[scope])];
            if (versions.Count == 0)
                continue;
            Cell[] places = [.. scopes.Select(Cell.Total).Append(cell).Where(_shown.Contains)];
            var n = _now.Counts(cell).Total;
            // The counts are in the order of arrival, so a count tells which ratings it contains.
            int[] known = [.. versions.Select(report => report.N(cell)).Append(n).Distinct().Order()];
            for (var i = 1; i < known.Length; i++)
            {
                Cell[] before =
                [
                    .. versions
                        .Where(v => v.N(cell) >= known[i])
                        .SelectMany(v => places.Where(v.Shows).Select(place => place with { Tag = v.Id })),
                ];
                facts.UnionWith(before);
                Add((window.Id, known[i]), known[i] - known[i - 1], [.. before, .. n >= known[i] ? places : []]);
            }
            var isCorrected = versions.Exists(report => report.IsCorrected(cell));
            if (isCorrected)
                Add((window.Id, 0), 1, places);
            if (isCorrected || known.Length > 1)
                late.UnionWith(places);

            void Add((int, int) atom, int ratings, Cell[] cells) => system.Add(window.Hall.Id, atom, ratings, cells);
        }
        var shown = system.Publish(facts, cell => cell.Table == CellTable.Total ? PublishedWeek.RankOf(cell) : 3);
        return (late, [.. shown]);
    }
}
