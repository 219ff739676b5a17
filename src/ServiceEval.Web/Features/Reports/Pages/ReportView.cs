using System.Globalization;
using ServiceEval.Data.Halls;
using ServiceEval.Data.Ratings;
using ServiceEval.Data.Tallies;
using ServiceEval.Web.Features.Reports.Charts;
using ServiceEval.Web.Features.Reports.Quotes;

namespace ServiceEval.Web.Features.Reports.Pages;

/// <summary>A report as its page's parts see it: with the texts of its quotes, and with what so few ratings must not show left out.</summary>
public sealed class ReportView(WeeklyReport report, IReadOnlyList<Quote> quotes)
{
    public const int ItemsInSection = 20;

    private readonly Dictionary<string, ReportDefinition> _definitions = report.Definitions.ToDictionary(d => d.Id);

    public WeeklyReport Report => report;
    public IReadOnlyList<Quote> Quotes => quotes;
    public bool IsCounty => report.Scope == Hall.CountyScope;

    /// <summary>Below a cohort the page shows no grade at all, in no table and no chart.</summary>
    public bool ShowsGrades => report.N > 0 && ReportPrivacy.ShowsGrades(report);

    public IReadOnlyDictionary<Grade, int> Grades => Data.Ratings.Grades.All.ToDictionary(g => g, g => ReportText.GradeCount(report, g));

    /// <summary>All but those without an item, which stand last by themselves.</summary>
    public IReadOnlyList<ReportItem> NamedItems => [.. report.Items.Where(i => i.Code is not null)];

    /// <summary>The named items beyond those of the section that have anything to show beside their number; the rest are only counted.</summary>
    public IReadOnlyList<ReportItem> OtherItems => [.. BeyondSection.Where(HasFigures)];

    public IReadOnlyList<ReportItem> SmallItems => [.. BeyondSection.Where(i => !HasFigures(i))];

    private IEnumerable<ReportItem> BeyondSection => NamedItems.Skip(ItemsInSection);

    /// <summary>The one with last week, or failing that with the four before.</summary>
    public ReportComparison? Comparison => report.Changes.LastWeek ?? report.Changes.FourWeeks;

    /// <summary>Those there are, with what is compared with.</summary>
    public IReadOnlyList<(string Name, ReportComparison Comparison)> Comparisons =>
        [
            .. report.Changes.LastWeek is { } last ? [("上周", last)] : ((string, ReportComparison)[])[],
            .. report.Changes.FourWeeks is { } four ? [("前四周", four)] : ((string, ReportComparison)[])[],
        ];

    public ReportDefinition? Definition(string id) => _definitions.GetValueOrDefault(id);

    /// <summary>The good ones of each channel, null where so few, or what is left of all, would show who gave which.</summary>
    public IReadOnlyList<RateRow> Channels()
    {
        var shown = ReportPrivacy.ShownChannels(report);
        return [.. report.Channels.Select(c => Row(Features.Ratings.Words.Of(c.Channel), c.N, shown.Contains(c.Channel) ? c.Good : null))];
    }

    private static bool HasFigures(ReportItem item) => item.Good is not null || item.FourWeeks is not null;

    /// <summary>A day's rate as any other: none below the minimum.</summary>
    public RateRow Row(string name, int n, int? good)
    {
        var shown = ShowsGrades ? good : null;
        if (shown is not { } known || n == 0 || n < report.MinimumN) return new(name, n, shown, null, null, null, null);
        var (low, high) = Wilson.Interval(known, n);
        return new(name, n, shown, (double)known / n, low, high, null);
    }

    /// <summary>The rate that parts are seen against.</summary>
    public (string Name, double Rate)? Whole => report.Rate is { } rate ? (IsCounty ? "全县" : "本大厅", rate) : null;

    /// <summary>Those with a rate, as a chart shows them.</summary>
    public static IReadOnlyList<RateDot> Dots(IEnumerable<RateRow> rows) =>
        [.. rows.Where(r => r.Rate is not null).Select(r => new RateDot(r.Name, r.Rate!.Value, r.Low!.Value, r.High!.Value, $"{ReportText.Percent(r.Rate)}，{r.N}条"))];

    /// <summary>A hall's name in a table of many, without the county's that all of them begin with.</summary>
    public string ShortName(string hall)
    {
        var names = report.Halls.Select(h => h.Name).ToList();
        if (names.Count < 2) return hall;
        var common = names.Min(StringComparer.Ordinal)!.Zip(names.Max(StringComparer.Ordinal)!).TakeWhile(p => p.First == p.Second).Count();
        var county = common > 0 ? names[0].AsSpan(0, common).LastIndexOfAny('县', '市', '区') : -1;
        return county >= 0 && hall.StartsWith(names[0][..(county + 1)], StringComparison.Ordinal) ? hall[(county + 1)..] : hall;
    }
}

/// <summary>A line of a table of rates.</summary>
/// <param name="FourWeeks">Shown in place of the week, where the week alone has too few.</param>
public sealed record RateRow(string Name, int N, int? Good, double? Rate, double? Low, double? High, ReportSpan? FourWeeks)
{
    /// <summary>What the rate shown is of: the week, or four of them.</summary>
    public string Span => Rate is not null ? "本周" : FourWeeks is { } four ? string.Create(CultureInfo.InvariantCulture, $"近四周{four.N}条") : ReportText.Unknown;
    public double? ShownRate => Rate ?? FourWeeks?.Rate;
    public double? ShownLow => Rate is null ? FourWeeks?.Low : Low;
    public double? ShownHigh => Rate is null ? FourWeeks?.High : High;

    public static RateRow Of(ReportHall h, string name) => new(name, h.N, h.Good, h.Rate, h.Low, h.High, h.FourWeeks);

    public static RateRow Of(ReportWindow w, string name) => new(name, w.N, w.Good, w.Rate, w.Low, w.High, w.FourWeeks);

    public static RateRow Of(ReportDepartment d) => new(d.Name, d.N, d.Good, d.Rate, d.Low, d.High, d.FourWeeks);

    public static RateRow Of(ReportItem i) => new(i.Name, i.N, i.Good, i.Rate, i.Low, i.High, i.FourWeeks);
}
