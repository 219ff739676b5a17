using ServiceEval.Core.Calendar;
using ServiceEval.Core.Places;
using ServiceEval.Core.Statistics;
using ServiceEval.Core.Tallies;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;
using ServiceEval.Web.Features.Reports.Protection;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>All data that a report of one scope is compiled from, limited to the scope's windows.</summary>
/// <param name="Before">The four weeks before, newest first.</param>
/// <param name="Cohort">k: no table shows the grades of fewer ratings.</param>
/// <param name="Shown">The week's cells that this report may show.</param>
/// <param name="ShownBefore">The same cells for each week of <paramref name="Before"/>, in the same order.</param>
internal sealed record ScopedWeek(
    ReportScope Scope,
    WeekRows Rows,
    WeekCounts Now,
    IReadOnlyList<WeekCounts> Before,
    WeekEntries Entries,
    bool HasEarlier,
    DirectorySnapshot Directory,
    ReportOptions Options,
    int Cohort,
    Func<IsoWeek, WeekDays> Calendar,
    ShownCells Shown,
    IReadOnlyList<ShownCells> ShownBefore
)
{
    /// <summary>
    /// At least the cohort, even if the setting is smaller, because a rate over fewer ratings would disclose their
    /// grades.
    /// </summary>
    public int MinimumN => Math.Max(Options.MinimumN, Cohort);

    /// <summary>
    /// The weeks before for the trend of weeks, oldest first, with the figures of their own newest reports.
    /// </summary>
    public IReadOnlyList<ReportWeek> Line { get; private init; } = [];

    /// <summary>The JSON of the scope's report of the week before. Null if there is none.</summary>
    public string? LastReport { get; private init; }

    /// <summary>The valid ratings.</summary>
    public GradeCounts Total { get; } = Now.Total;

    public static ScopedWeek Of(
        ReportScope scope,
        WeekRows rows,
        WeekContext context,
        DirectorySnapshot directory,
        ReportOptions options,
        int cohort,
        Func<IsoWeek, WeekDays> calendar,
        ShownCells shown,
        IReadOnlyList<ShownCells> shownBefore
    )
    {
        return new(
            scope,
            rows,
            WeekCounts.Of(rows),
            [.. context.Before.Select(week => week.Within(scope.In(week.Week, directory).WindowIds))],
            context.Entries.Of(scope, rows.Week),
            context.HasEarlier,
            directory,
            options,
            cohort,
            calendar,
            shown,
            shownBefore
        )
        {
            Line = context.LineOf(scope.Code, rows.Week),
            LastReport = context.LastReports.GetValueOrDefault(scope.Code),
        };
    }

    public PlaceScope Place => Scope.Place;

    public bool ShowsTotal => Shown.Has(Cell.Total(Place), Total.Total);

    /// <summary>Returns the cells that the report of an earlier week shows.</summary>
    public ShownCells ShownIn(WeekCounts week) =>
        ShownBefore[Before.Index().First(w => w.Item.Week == week.Week).Index];

    public (double? Rate, double? Low, double? High) RateOf(GradeCounts counts)
    {
        if (counts.Total < MinimumN)
            return (null, null, null);
        var (low, high) = Wilson.Interval(counts.Good, counts.Total);
        return ((double)counts.Good / counts.Total, low, high);
    }

    /// <summary>Returns the figures of a table's rows, in the order of the keys.</summary>
    /// <param name="by">Returns the counts of a week by key.</param>
    /// <param name="cell">Returns the cell of a key.</param>
    public IReadOnlyList<RowFigures<TKey>> Figures<TKey>(
        IReadOnlyList<TKey> keys,
        Func<WeekCounts, Dictionary<TKey, GradeCounts>> by,
        Func<TKey, Cell> cell
    )
        where TKey : notnull
    {
        Dictionary<TKey, GradeCounts>[] weeks = [by(Now), .. Before.Take(3).Select(by)];
        return
        [
            .. keys.Select(key =>
            {
                var counts = weeks.Select(week => week.GetValueOrDefault(key)).ToArray();
                var n = counts[0].Total;
                if (!Shown.Has(cell(key), n))
                    return new RowFigures<TKey>(key, n, null, null, null, null, null);
                var (rate, low, high) = RateOf(counts[0]);
                return new RowFigures<TKey>(
                    key,
                    n,
                    counts[0].Good,
                    rate,
                    low,
                    high,
                    rate is null ? Together(counts, cell(key)) : null
                );
            }),
        ];
    }

    /// <summary>
    /// Returns four weeks together for a row that has too few ratings in one week. Each of these weeks must be
    /// published in its own report, so that the sum discloses nothing new. Otherwise the sum minus the published weeks
    /// would disclose the week that is not published.
    /// </summary>
    private ReportSpan? Together(IReadOnlyList<GradeCounts> weeks, Cell cell)
    {
        if (weeks.Skip(1).Index().Any(week => !ShownBefore[week.Index].Has(cell, week.Item.Total)))
            return null;
        var all = weeks.Aggregate(default(GradeCounts), (sum, week) => sum + week);
        return RateOf(all) is ({ } rate, { } low, { } high) ? new ReportSpan(all.Total, rate, low, high) : null;
    }
}

internal readonly record struct RowFigures<TKey>(
    TKey Key,
    int N,
    int? Good,
    double? Rate,
    double? Low,
    double? High,
    ReportSpan? FourWeeks
);
