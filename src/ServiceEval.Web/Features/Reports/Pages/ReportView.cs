using System.Globalization;
using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Statistics;
using ServiceEval.Web.Features.Reports.Charts;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Quotes;
using ServiceEval.Web.Features.Reports.Wording;

namespace ServiceEval.Web.Features.Reports.Pages;

/// <summary>
/// A report for the parts of its page: with the texts of its quotes, and without the figures that so few ratings must
/// not show.
/// </summary>
public sealed class ReportView(WeeklyReport report, IReadOnlyList<Quote> quotes)
{
    public const int ItemsInSection = 20;

    private readonly List<string> _halls = [.. report.Halls.Select(h => h.Name)];
    private readonly Dictionary<string, ReportDefinition> _definitions = report.Definitions.ToDictionary(d => d.Id);

    public WeeklyReport Report => report;
    public IReadOnlyList<Quote> Quotes => quotes;
    public bool IsRegion => report.IsOfRegion;

    /// <summary>False below a cohort: then no table and no chart of the page shows a grade.</summary>
    public bool ShowsGrades => report.N > 0 && ReportPrivacy.ShowsGrades(report);

    public IReadOnlyDictionary<Grade, int> Grades =>
        Core.Ratings.Grades.All.ToDictionary(g => g, g => ReportText.GradeCount(report, g));

    /// <summary>All items except 未关联事项, which is shown last and separately.</summary>
    public IReadOnlyList<ReportItem> NamedItems => [.. report.Items.Where(i => i.Code is not null)];

    /// <summary>
    /// The named items beyond those of the section that have a rate for the week. The remaining items are only counted.
    /// </summary>
    public IReadOnlyList<ReportItem> OtherItems => [.. BeyondSection.Where(HasFigures)];

    /// <summary>The items of the section in the report's order: the items with most ratings come first.</summary>
    public IReadOnlyList<ReportItem> MainItems => [.. NamedItems.Take(ItemsInSection).Where(HasFigures)];

    public IReadOnlyList<ReportItem> SmallItems => [.. NamedItems.Where(i => !HasFigures(i))];

    /// <summary>
    /// Returns how many of the rows without a rate have enough ratings for a rate. These rates are protected.
    /// </summary>
    public int Protected(IEnumerable<(int N, double? Rate)> rows) =>
        rows.Count(r => r.Rate is null && Signs.ForRate(report, r.N) == Signs.Protected);

    /// <summary>The sign in place of the rate, the interval and the mean of the whole report.</summary>
    public string Sign => Signs.ForWhole(report);

    public string ActiveSign => Signs.ForRate(report, report.ActiveN);

    private IEnumerable<ReportItem> BeyondSection => NamedItems.Skip(ItemsInSection);

    /// <summary>The comparison with last week, or else the comparison with the four weeks before.</summary>
    public ReportComparison? Comparison => report.Changes.LastWeek ?? report.Changes.FourWeeks;

    /// <summary>The comparisons that exist, with the names of the weeks that are compared.</summary>
    public IReadOnlyList<(string Name, ReportComparison Comparison)> Comparisons =>
        [
            .. report.Changes.LastWeek is { } last ? [("上周", last)] : ((string, ReportComparison)[])[],
            .. report.Changes.FourWeeks is { } four ? [("前四周", four)] : ((string, ReportComparison)[])[],
        ];

    /// <summary>The comparisons that are decomposed. A change within noise has no causes.</summary>
    public IReadOnlyList<(string Name, ReportComparison Comparison)> Decomposed =>
        [.. Comparisons.Where(c => c.Comparison.BeyondNoise)];

    public ReportDefinition? Definition(string id) => _definitions.GetValueOrDefault(id);

    /// <summary>
    /// Returns the good ratings of each channel. A figure is null if it, or the total minus it, would disclose who gave
    /// which grade.
    /// </summary>
    public IReadOnlyList<RateRow> Channels()
    {
        var shown = ReportPrivacy.ShownChannels(report);
        return
        [
            .. report.Channels.Select(c => Row(Words.Of(c.Channel), c.N, shown.Contains(c.Channel) ? c.Good : null)),
        ];
    }

    private static bool HasFigures(ReportItem item) => item.Rate is not null;

    /// <summary>
    /// A region's windows that have a rate for the week. The workbook has the numbers of the other windows.
    /// </summary>
    public IReadOnlyList<ReportWindow> RatedWindows => [.. report.Windows.Where(w => w.Rate is not null)];

    /// <summary>
    /// Returns the row of a day or a channel. As in other rows, there is no rate below the minimum n.
    /// </summary>
    public RateRow Row(string name, int? n, int? good)
    {
        var shown = ShowsGrades ? good : null;
        if (shown is not { } known || n is not { } all || all == 0 || all < report.MinimumN)
            return new(name, n, shown, null, null, null, null, "");
        var (low, high) = Wilson.Interval(known, all);
        return new(name, n, shown, (double)known / all, low, high, null, "");
    }

    public RateRow Row(ReportHall h) =>
        new(ShortName(h.Name), h.N, h.Good, h.Rate, h.Low, h.High, h.FourWeeks, Mark(FindingLevel.Hall, h.Code));

    public RateRow Row(ReportRegion r) => new(r.Name, r.N, r.Good, r.Rate, r.Low, r.High, r.FourWeeks, "");

    public RateRow Row(ReportWindow w) =>
        new(
            $"{ReportText.Window(w.Number)}　{w.Name}",
            w.N,
            w.Good,
            w.Rate,
            w.Low,
            w.High,
            w.FourWeeks,
            Mark(FindingLevel.Window, $"{w.Hall}/{w.Number}")
        );

    public RateRow Row(ReportDepartment d) =>
        new(d.Name, d.N, d.Good, d.Rate, d.Low, d.High, d.FourWeeks, Mark(FindingLevel.Department, d.Code));

    public RateRow Row(ReportItem i) =>
        new(i.Name, i.N, i.Good, i.Rate, i.Low, i.High, i.FourWeeks, Mark(FindingLevel.Item, i.Code));

    /// <summary>Formats the rate without the percent sign, because the column's header has it.</summary>
    public string Rate(RateRow row) => ReportText.Bare(ReportText.Percent(row.Rate, Signs.ForRate(report, row.N)));

    public string Interval(RateRow row) =>
        ReportText.Bare(ReportText.Interval(row.Low, row.High, Signs.ForRate(report, row.N)));

    /// <summary>
    /// Formats the four weeks. The text is empty for a row that has a rate for the week, because four weeks are used
    /// only if one week has too few ratings.
    /// </summary>
    public static string FourWeeks(RateRow row) =>
        row switch
        {
            { Rate: not null } => "",
            { FourWeeks: not null } => row.FourWeeksText,
            { N: null } => Signs.None,
            _ => Signs.ForFourWeeks(row.Good),
        };

    /// <summary>Returns the figures and the signs in the row's cells.</summary>
    public IEnumerable<string> Cells(RateRow row) =>
        [row.N is null ? Signs.None : "", Signs.Good(row.N, row.Good), Rate(row)];

    /// <param name="hasSpans">Whether the table has the column of four weeks.</param>
    public IEnumerable<string> CellsOf(IEnumerable<RateRow> rows, bool hasSpans) =>
        rows.SelectMany(row => hasSpans ? [.. Cells(row), FourWeeks(row)] : Cells(row));

    /// <summary>Returns ▲, ▼ or ▽ for a row that the first page lists at this level.</summary>
    private string Mark(FindingLevel level, string? code)
    {
        if (report.Front is not { } front || code is null)
            return "";
        bool IsIn(IEnumerable<ReportFinding> findings, string kind) =>
            findings.Any(f => f.Kind == kind && f.Subjects.Any(s => s.Level == level && s.Code == code));
        return IsIn(front.Problems, Compiling.Finds.Low) ? Marks.Low
            : IsIn(front.Problems, Compiling.Finds.BelowLine) ? Marks.BelowLine
            : IsIn(front.Highlights, Compiling.Finds.High) ? Marks.High
            : "";
    }

    public static string? ExplainMarks(IReadOnlySet<string> marks)
    {
        string[] said =
        [
            .. marks.Contains(Marks.High) ? [$"{Marks.High} 明显高于其余"] : (string[])[],
            .. marks.Contains(Marks.Low) ? [$"{Marks.Low} 明显低于其余"] : (string[])[],
            .. marks.Contains(Marks.BelowLine) ? [$"{Marks.BelowLine} 置信区间整个低于总的好评率"] : (string[])[],
        ];
        return said.Length == 0 ? null : $"{string.Join("；", said)}；没有标记的，差别属正常波动。";
    }

    /// <summary>The rate of the whole scope, which its parts are compared with.</summary>
    /// <summary>The word for the whole place in sentences.</summary>
    public string WholeName => report.Whole ?? (IsRegion ? "全县" : "本大厅");

    /// <summary>
    /// Whether the regions below have a table. Below a county, each township has one centre, and the table of halls has
    /// the same figures.
    /// </summary>
    public bool ListsRegions => report.Regions.Count > 0 && report.Level < RegionLevel.County;

    public (string Name, double Rate)? Whole => report.Rate is { } rate ? (WholeName, rate) : null;

    /// <summary>Returns the rows that have a rate, as dots for a chart.</summary>
    public static IReadOnlyList<RateDot> Dots(IEnumerable<RateRow> rows) =>
        [
            .. rows.Where(r => r.Rate is not null)
                .Select(r => new RateDot(
                    r.Name,
                    r.Rate!.Value,
                    r.Low!.Value,
                    r.High!.Value,
                    $"{ReportText.Percent(r.Rate)}，{r.N}条"
                )),
        ];

    /// <summary>Returns this report's name for the hall with this full name.</summary>
    public string ShortName(string hall) => HallNames.Shorten(hall, _halls);

    /// <summary>Returns this report's name for the hall with this code.</summary>
    public string HallName(string code) =>
        report.Halls.FirstOrDefault(h => h.Code == code)?.Name is { } name ? ShortName(name) : code;

    /// <summary>Replaces a hall's full name at the beginning of a text by this report's name for the hall.</summary>
    public string WithShortName(string text) =>
        _halls.FirstOrDefault(h => text.StartsWith(h, StringComparison.Ordinal)) is { } hall
            ? ShortName(hall) + text[hall.Length..]
            : text;
}

/// <summary>
/// The marks beside names that the first page lists. Rows with ▲ and ▼ stand out beyond noise; a row with ▽ may be
/// chance.
/// </summary>
public static class Marks
{
    public const string High = "▲";
    public const string Low = "▼";
    public const string BelowLine = "▽";
}
