using ServiceEval.Core.Places;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;

namespace ServiceEval.Web.Features.Reports.Protection;

/// <summary>
/// The cells of a frozen report, with the good ratings of the cells that it shows. They are compared with the current
/// counts.
/// </summary>
internal sealed class FrozenReport
{
    private readonly Dictionary<Cell, (int N, int? Good)> _cells = [];
    private readonly DirectorySnapshot _directory;
    private readonly PublishedWeek _now;
    private readonly DateOnly _monday;
    private readonly Lazy<HashSet<int>> _moved;

    public FrozenReport(WeeklyReport report, DirectorySnapshot directory, PublishedWeek now)
    {
        (Id, _directory, _now) = (report.Id, directory, now);
        // The place of a scope that does not exist any more has no current counts.
        Place = directory.ScopeOf(report.Scope) ?? PlaceScope.Hall(-1);
        _monday = report.From;
        _moved = new(Moved);
        AddPlaces(report);
        AddSubjects(report);
        AddOthers(report);
    }

    public string Id { get; }

    public PlaceScope Place { get; }

    public IEnumerable<Cell> Shown => _cells.Where(c => c.Value.Good is not null).Select(c => c.Key);

    public IEnumerable<Cell> Hidden => _cells.Where(c => c.Value.Good is null).Select(c => c.Key);

    /// <summary>Whether every count, and every count of good ratings that is shown, equals the current count.</summary>
    public bool IsUnchanged => _cells.Keys.All(IsAsNow);

    public bool HasSamePlaces => _cells.Keys.Where(cell => cell.IsPlace).All(IsAsNow);

    public bool Shows(Cell cell) => _cells.GetValueOrDefault(cell).Good is not null;

    public int N(Cell cell) => _cells.GetValueOrDefault(cell).N;

    /// <summary>Returns whether the report shows a cell in which nothing has changed since.</summary>
    public bool ShowsAsNow(Cell cell) => Shows(cell) && IsAsNow(cell) && !MayHaveSwapped(cell);

    /// <summary>
    /// Returns whether the report shows as many ratings as there are now, but another number of good ones, because a
    /// rating was corrected.
    /// </summary>
    public bool IsCorrected(Cell cell) => Shows(cell) && N(cell) == _now.Counts(cell).Total && !IsAsNow(cell);

    private bool IsAsNow(Cell cell)
    {
        var ((n, good), now) = (_cells.GetValueOrDefault(cell), _now.Counts(cell));
        if (cell.Table == CellTable.OtherTags)
            return good is null || n == Unlisted();
        return n == now.Total && (good is null || good == now.Good || cell.Table == CellTable.Tag);
    }

    /// <summary>Returns how often the tags that the report does not name are given now.</summary>
    private int Unlisted() =>
        _now.CellsOf(Place)
            .Where(cell => cell.Table == CellTable.Tag && !_cells.ContainsKey(cell))
            .Sum(cell => _now.Counts(cell).Total);

    /// <summary>
    /// Returns whether the ratings of a cell may have been exchanged. A late detail moves a rating from one cell to
    /// another. A cell that lost one rating and got one has the same number of ratings as before, but other ratings.
    /// </summary>
    private bool MayHaveSwapped(Cell cell) =>
        cell.Table switch
        {
            CellTable.Item when cell.Key == 0 => !IsAsNow(Cell.Total(cell.Place)),
            CellTable.Department => _moved.Value.Contains(cell.Key),
            _ => false,
        };

    /// <summary>
    /// Returns the departments that may have got a rating, because one of their items or windows has another count.
    /// </summary>
    private HashSet<int> Moved()
    {
        bool HasMoved(Cell cell) => N(cell) != _now.Counts(cell).Total;
        var items = _cells
            .Keys.Concat(_now.CellsOf(Place))
            .Where(c => c.Table == CellTable.Item && c.Key != 0 && HasMoved(c));
        var windows = _directory
            .Halls.Where(h => _directory.Regions.ScopesOf(h.Id, _monday).Contains(Place))
            .SelectMany(h => h.Windows)
            .Where(w => HasMoved(Cell.Window(w.Id)));
        return
        [
            .. items.Select(c => _directory.Item(c.Key)?.DepartmentId ?? 0),
            .. windows.Select(w => w.Window.DepartmentId ?? 0),
        ];
    }

    private void AddPlaces(WeeklyReport report)
    {
        _cells[Cell.Total(Place)] = (
            report.N,
            report.N == 0 || ReportPrivacy.ShowsGrades(report) ? report.Good ?? 0 : null
        );
        foreach (var hall in report.Halls)
        {
            if (_directory.Hall(hall.Code) is { } entry)
                _cells[Cell.Total(entry.Scope)] = (hall.N, hall.Good);
        }
        foreach (var region in report.Regions)
        {
            if (_directory.Regions.Find(region.Code) is { } entry)
                _cells[Cell.Total(entry.Scope)] = (region.N, region.Good);
        }
        foreach (var window in report.Windows)
        {
            if (_directory.Hall(window.Hall)?.Windows.FirstOrDefault(w => w.Number == window.Number) is { } entry)
                _cells[Cell.Window(entry.Id)] = (window.N, window.Good);
        }
    }

    private void AddSubjects(WeeklyReport report)
    {
        var departments = _directory.Departments.Values.ToDictionary(d => d.Code, d => d.Id, StringComparer.Ordinal);
        foreach (var row in report.Departments)
        {
            var id = 0;
            if (row.Code is not null && !departments.TryGetValue(row.Code, out id))
                continue;
            _cells[new(CellTable.Department, Place, id)] = (row.N, row.Good);
        }
        foreach (var row in report.Items)
        {
            var item = row.Code is null ? null : _directory.Item(row.Code);
            if (row.Code is null || item is not null)
                _cells[new(CellTable.Item, Place, item?.Id ?? 0)] = (row.N, row.Good);
        }
    }

    private void AddOthers(WeeklyReport report)
    {
        var active = report.ActiveRate * report.ActiveN;
        _cells[new(CellTable.Active, Place)] = (report.ActiveN, active is { } good ? (int)Math.Round(good) : null);
        foreach (var day in report.Days)
            _cells[Cell.Day(Place, day.Date)] = (day.N ?? 0, ReportPrivacy.Good(report, day));
        var channels = ReportPrivacy.ShownChannels(report);
        foreach (var row in report.Channels)
        {
            var cell = new Cell(CellTable.Channel, Place, (int)row.Channel);
            _cells[cell] = (row.N, channels.Contains(row.Channel) ? row.Good : null);
        }
        foreach (var tag in report.Tags)
            _cells[new(CellTable.Tag, Place, 0, tag.Code)] = (tag.N ?? 0, tag.N);
        _cells[new(CellTable.OtherTags, Place)] = (report.OtherTags ?? 0, report.OtherTags);
        _cells[new(CellTable.Repeats, Place)] = (report.Quality.Repeats.N, report.Quality.Repeats.Good);
        var corrections = report.Quality.Corrections;
        _cells[new(CellTable.Corrections, Place)] = (corrections.N, corrections.BadToGood + corrections.WithinGood);
    }
}
