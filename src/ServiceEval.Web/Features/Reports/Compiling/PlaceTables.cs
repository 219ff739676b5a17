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
        if (!week.Scope.IsCounty)
            return [];
        var halls = week.Scope.Halls;
        Dictionary<int, GradeCounts> By(WeekCounts counts) => ByHall(week.Scope, counts);
        return
        [
            .. week.Figures([.. halls.Select(h => h.Id)], By, Cell.Total)
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

    public static Dictionary<int, GradeCounts> ByHall(ReportScope scope, WeekCounts counts) =>
        ByHall(counts.ByWindow(), HallOf(scope));

    private static Dictionary<int, int> HallOf(ReportScope scope) =>
        scope.Windows.ToDictionary(w => w.Id, w => w.Hall.Id);

    private static Dictionary<int, GradeCounts> ByHall(
        Dictionary<int, GradeCounts> byWindow,
        Dictionary<int, int> hallOf
    ) =>
        byWindow
            .GroupBy(w => hallOf[w.Key])
            .ToDictionary(g => g.Key, g => g.Aggregate(default(GradeCounts), (sum, w) => sum + w.Value));

    public static string NameOf(ReportScope scope, WindowEntry window) =>
        $"{(scope.IsCounty ? scope.NameOf(window.Hall.Name) : "")}{ReportText.Window(window.Number)}{window.Name}";

    private static ReportBand Band(int number, Band<int> band)
    {
        var (low, high) = band.Pooled.Interval;
        return new(number, band.Members.Count, band.Pooled.N, band.Pooled.Good, band.Pooled.Rate, low, high);
    }
}
