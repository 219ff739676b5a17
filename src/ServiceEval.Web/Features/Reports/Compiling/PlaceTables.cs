using ServiceEval.Core.Places;
using ServiceEval.Core.Statistics;
using ServiceEval.Core.Tallies;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;
using ServiceEval.Web.Features.Reports.Protection;
using ServiceEval.Web.Features.Reports.Wording;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>Builds the tables of halls and of windows, and the bands of windows that cannot be told apart.</summary>
internal static class PlaceTables
{
    public static IReadOnlyList<ReportHall> Halls(ScopedWeek week)
    {
        if (!week.Scope.IsRegion)
            return [];
        var halls = week.Scope.Halls;
        Dictionary<int, GradeCounts> By(WeekCounts counts) => ByHall(week.Directory, counts);
        return
        [
            .. week.Figures([.. halls.Select(h => h.Id)], By, id => Cell.Total(PlaceScope.Hall(id)))
                .Zip(
                    halls,
                    (row, hall) =>
                        new ReportHall(
                            hall.Code,
                            hall.Name,
                            hall.Hall.Kind,
                            row.N,
                            row.Good,
                            row.Rate,
                            row.Low,
                            row.High,
                            row.FourWeeks
                        )
                ),
        ];
    }

    public static (IReadOnlyList<ReportWindow> Windows, IReadOnlyList<ReportBand> Bands) Windows(ScopedWeek week)
    {
        var now = week.Now.ByWindow();
        var windows = week.Scope.Windows.Where(w => w.IsActive || now.ContainsKey(w.Id)).ToList();
        var rows = week.Figures([.. windows.Select(w => w.Id)], counts => counts.ByWindow(), Cell.Window);
        var bands = Bands.Of([
            .. rows.Where(r => r.Rate is not null).Select(r => (r.Key, new Proportion(r.Good!.Value, r.N))),
        ]);
        var bandOf = bands
            .Index()
            .SelectMany(b => b.Item.Members, (band, member) => (member.Key, Number: band.Index + 1))
            .ToDictionary(b => b.Key, b => b.Number);
        return (
            [
                .. rows.Zip(
                    windows,
                    (row, window) =>
                        new ReportWindow(
                            window.Hall.Code,
                            window.Number,
                            window.Name,
                            row.N,
                            row.Good,
                            row.Rate,
                            row.Low,
                            row.High,
                            row.FourWeeks,
                            bandOf.TryGetValue(row.Key, out var band) ? band : null
                        )
                ),
            ],
            [.. bands.Index().Select(b => Band(b.Index + 1, b.Item))]
        );
    }

    public static Dictionary<int, GradeCounts> ByHall(DirectorySnapshot directory, WeekCounts counts) =>
        By(counts, window => directory.Window(window)!.Hall.Id);

    /// <summary>Returns the rows of the regions directly below.</summary>
    public static IReadOnlyList<ReportRegion> Regions(ScopedWeek week)
    {
        var tree = week.Directory.Regions;
        var children = week.Scope.Children.Select(child => child.Region).ToList();
        var ids = children.Select(child => child.Id).ToHashSet();
        // 0 is a hall of the region itself.
        Dictionary<int, GradeCounts> ByChild(WeekCounts counts) =>
            By(
                counts,
                window =>
                    tree.Of(week.Directory.Window(window)!.Hall.Id, counts.Week.Monday)
                        .Path.FirstOrDefault(region => ids.Contains(region.Id))
                        ?.Id
                    ?? 0
            );
        return
        [
            .. week.Figures([.. children.Select(c => c.Id)], ByChild, id => Cell.Total(PlaceScope.Region(id)))
                .Zip(
                    children,
                    (row, region) =>
                        new ReportRegion(
                            region.Code,
                            region.Name,
                            region.Level,
                            row.N,
                            row.Good,
                            row.Rate,
                            row.Low,
                            row.High,
                            row.FourWeeks
                        )
                ),
        ];
    }

    private static Dictionary<int, GradeCounts> By(WeekCounts counts, Func<int, int> place) =>
        counts
            .ByWindow()
            .GroupBy(w => place(w.Key))
            .ToDictionary(g => g.Key, g => g.Aggregate(default(GradeCounts), (sum, w) => sum + w.Value));

    public static string NameOf(ReportScope scope, WindowEntry window) =>
        $"{(scope.IsRegion ? scope.NameOf(window.Hall.Name) : "")}{ReportText.Window(window.Number)}{window.Name}";

    private static ReportBand Band(int number, Band<int> band)
    {
        var (low, high) = band.Pooled.Interval;
        return new(number, band.Members.Count, band.Pooled.N, band.Pooled.Good, band.Pooled.Rate, low, high);
    }
}
