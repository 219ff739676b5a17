using ServiceEval.Core.Calendar;
using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;

namespace ServiceEval.Tests.Reports.Privacy;

/// <summary>
/// The statements of a frozen report about grades. Each figure counts the good ratings among some voters. The page, the
/// workbook and the mail are rendered from the JSON and from nothing else.
/// </summary>
internal static class Figures
{
    public const string Rest = "不单列的合计";

    /// <param name="Name">For example 2026-W47 v1 county item 3.</param>
    public sealed record Figure(string Name, IReadOnlyList<Voter> Of);

    /// <param name="known">The scope's ratings of this week and earlier weeks that had arrived when the report was
    /// compiled.</param>
    public static IEnumerable<Figure> Of(WeeklyReport report, IReadOnlyList<Voter> known, DirectorySnapshot directory)
    {
        List<Voter> now = [.. known.Where(v => v.Week.ToString() == report.Week)];
        return
        [
            .. OfWeek(report, now, directory),
            .. Spans(report, known, directory),
            .. Compared(report, known, directory),
        ];
    }

    private static IEnumerable<Figure> OfWeek(WeeklyReport report, List<Voter> now, DirectorySnapshot directory)
    {
        Figure Among(string name, Func<Voter, bool> which) => new($"{report.Id} {name}", [.. now.Where(which)]);

        if (report.Good is not null)
            yield return Among("total", _ => true);
        if (report.ActiveRate is not null)
            yield return Among("active", v => v.Tier.IsActive());
        foreach (var row in report.Halls.Where(r => r.Good is not null))
            yield return Among($"hall {row.Code}", v => v.Window.Hall.Code == row.Code);
        foreach (var row in report.Regions.Where(r => r.Good is not null))
            yield return Among($"region {row.Code}", v => IsIn(v, row, directory));
        foreach (var row in report.Windows.Where(r => r.Good is not null))
            yield return Among($"window {row.Hall}/{row.Number}", v => IsAt(v, row));
        foreach (var row in report.Departments.Where(r => r.Good is not null))
            yield return Among($"department {row.Name}", v => DepartmentOf(directory, v) == row.Code);
        foreach (var row in report.Items.Where(r => r.Good is not null))
            yield return Among($"item {row.Name}", v => directory.Item(v.Item)?.Code == row.Code);
        foreach (var row in report.Days.Where(r => r.Good is not null))
            yield return Among($"day {row.Date}", v => v.Date == row.Date);
        foreach (var row in report.Channels)
        {
            if (row.Good is not null)
                yield return Among($"channel {row.Channel}", v => v.Channel == row.Channel);
        }
        foreach (var band in report.Bands)
            yield return Among(
                $"band {band.Number}",
                v => report.Windows.Any(w => w.Band == band.Number && IsAt(v, w))
            );
        if (report.Quality.Repeats.Good is not null)
            yield return Among("repeats", v => v.IsRepeat);
        if (report.Quality.Corrections.BadToGood is not null)
            yield return Among("corrections", v => v.IsCorrected);
    }

    /// <summary>
    /// Returns the figures over the four weeks up to the report's week, for places with too few ratings in one week.
    /// </summary>
    private static IEnumerable<Figure> Spans(
        WeeklyReport report,
        IReadOnlyList<Voter> known,
        DirectorySnapshot directory
    )
    {
        List<string> weeks = [.. IsoWeek.Parse(report.Week).Backwards().Take(4).Select(w => w.ToString())];
        List<Voter> four = [.. known.Where(v => weeks.Contains(v.Week.ToString()))];
        Figure Among(string name, Func<Voter, bool> which) =>
            new($"{report.Id} four weeks {name}", [.. four.Where(which)]);

        if (report.FourWeeks is not null)
            yield return Among("total", _ => true);
        foreach (var row in report.Halls.Where(r => r.FourWeeks is not null))
            yield return Among($"hall {row.Code}", v => v.Window.Hall.Code == row.Code);
        foreach (var row in report.Regions.Where(r => r.FourWeeks is not null))
            yield return Among($"region {row.Code}", v => IsIn(v, row, directory));
        foreach (var row in report.Windows.Where(r => r.FourWeeks is not null))
            yield return Among($"window {row.Hall}/{row.Number}", v => IsAt(v, row));
        foreach (var row in report.Departments.Where(r => r.FourWeeks is not null))
            yield return Among($"department {row.Name}", v => DepartmentOf(directory, v) == row.Code);
        foreach (var row in report.Items.Where(r => r.FourWeeks is not null))
            yield return Among($"item {row.Name}", v => directory.Item(v.Item)?.Code == row.Code);
    }

    /// <summary>
    /// The mix and the rate of a contribution are two equations for the cell's good ratings before and now.
    /// </summary>
    private static IEnumerable<Figure> Compared(
        WeeklyReport report,
        IReadOnlyList<Voter> known,
        DirectorySnapshot directory
    )
    {
        foreach (var comparison in (ReportComparison?[])[report.Changes.LastWeek, report.Changes.FourWeeks])
        {
            if (comparison is null)
                continue;
            List<Voter> before = [.. known.Where(v => comparison.Weeks.Contains(v.Week.ToString()))],
                now = [.. known.Where(v => v.Week.ToString() == report.Week)];
            yield return new($"{report.Id} before", before);
            foreach (var (cells, which) in Splits(report, comparison, directory))
            {
                foreach (var cell in cells.Where(c => c.Name != Rest))
                {
                    yield return new($"{report.Id} before {cell.Name}", [.. before.Where(v => which(v) == cell.Name)]);
                    yield return new($"{report.Id} now {cell.Name}", [.. now.Where(v => which(v) == cell.Name)]);
                }
            }
        }
    }

    private static IEnumerable<(IReadOnlyList<ReportCell> Cells, Func<Voter, string> Which)> Splits(
        WeeklyReport report,
        ReportComparison comparison,
        DirectorySnapshot directory
    ) =>
        [
            (
                comparison.ByWindow.Cells,
                v =>
                    report.IsOfRegion
                        ? $"{NameOf(report, v)}{v.Window.Number}号{v.Window.Name}"
                        : $"{v.Window.Number}号{v.Window.Name}"
            ),
            (comparison.ByItem.Cells, v => directory.Item(v.Item)?.Name ?? "未关联事项"),
            (comparison.ByHall?.Cells ?? [], v => NameOf(report, v)),
        ];

    private static string NameOf(WeeklyReport report, Voter voter) =>
        HallNames.Shorten(voter.Window.Hall.Name, [.. report.Halls.Select(h => h.Name)]);

    private static bool IsIn(Voter voter, ReportRegion region, DirectorySnapshot directory) =>
        directory.Regions.Of(voter.Window.Hall.Id, voter.Week.Monday).Path.Any(r => r.Code == region.Code);

    private static bool IsAt(Voter voter, ReportWindow window) =>
        voter.Window.Hall.Code == window.Hall && voter.Window.Number == window.Number;

    private static string? DepartmentOf(DirectorySnapshot directory, Voter voter) =>
        directory.Departments.GetValueOrDefault(voter.Department)?.Code;

    /// <summary>Returns the table of each figure with grades, once for each figure.</summary>
    public static IEnumerable<string> Tables(WeeklyReport report) =>
        [
            .. OfWeek(report, [], DirectorySnapshot.Empty).Select(f => f.Name.Split(' ')[1]),
            .. Spans(report, [], DirectorySnapshot.Empty).Select(f => $"four-weeks-{f.Name.Split(' ')[3]}"),
            .. report.Tags.Where(t => t.N > 0).Select(_ => "tag"),
        ];

    /// <summary>Returns the number of figures with grades that the report shows.</summary>
    public static int Shown(WeeklyReport report) => Tables(report).Count();
}
