using ServiceEval.Data.Halls;
using ServiceEval.Web.Features.Halls;

namespace ServiceEval.Web.Features.Reports.Protection;

/// <summary>The cells that a frozen report has, with the good ratings of those that it shows.</summary>
internal static class FrozenCells
{
    public static IReadOnlyDictionary<Cell, (int N, int? Good)> Of(WeeklyReport report, DirectorySnapshot directory)
    {
        var cells = new Dictionary<Cell, (int N, int? Good)>();
        var scope = report.Scope == Hall.CountyScope ? 0 : directory.Hall(report.Scope)?.Id ?? -1;
        // What a version before has shown stands until enough have come in since.
        cells[Cell.Total(scope)] = report.Kept is { } kept ? (kept.N, kept.Good)
            : (report.N, report.N == 0 ? 0 : ReportPrivacy.ShowsGrades(report) ? report.Good : null);
        foreach (var hall in report.Halls)
        {
            if (directory.Hall(hall.Code) is { } entry) cells[Cell.Total(entry.Id)] = (hall.N, hall.Good);
        }
        foreach (var window in report.Windows)
        {
            if (directory.Hall(window.Hall)?.Windows.FirstOrDefault(w => w.Number == window.Number) is { } entry) cells[Cell.Window(entry.Id)] = (window.N, window.Good);
        }
        var departments = directory.Departments.Values.ToDictionary(d => d.Code, d => d.Id, StringComparer.Ordinal);
        foreach (var row in report.Departments)
        {
            if (row.Code is null || departments.ContainsKey(row.Code)) cells[new(CellTable.Department, scope, row.Code is null ? 0 : departments[row.Code])] = (row.N, row.Good);
        }
        foreach (var row in report.Items)
        {
            if (row.Code is null || directory.Item(row.Code) is not null) cells[new(CellTable.Item, scope, row.Code is null ? 0 : directory.Item(row.Code)!.Id)] = (row.N, row.Good);
        }
        cells[new(CellTable.Active, scope)] = (report.ActiveN, report.ActiveRate is { } rate ? (int)Math.Round(rate * report.ActiveN) : null);
        foreach (var day in report.Days) cells[Cell.Day(scope, day.Date)] = (day.N ?? 0, ReportPrivacy.Good(report, day));
        var channels = ReportPrivacy.ShownChannels(report);
        foreach (var row in report.Channels) cells[new(CellTable.Channel, scope, (int)row.Channel)] = (row.N, channels.Contains(row.Channel) ? row.Good : null);
        foreach (var tag in report.Tags) cells[new(CellTable.Tag, scope, 0, tag.Code)] = (tag.N ?? 0, tag.N);
        cells[new(CellTable.Repeats, scope)] = (report.Quality.Repeats.N, report.Quality.Repeats.Good);
        var corrections = report.Quality.Corrections;
        cells[new(CellTable.Corrections, scope)] = (corrections.N, corrections.BadToGood + corrections.WithinGood);
        return cells;
    }
}
