using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Statistics;
using ServiceEval.Core.Tallies;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;
using ServiceEval.Web.Features.Reports.Protection;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>
/// Compiles the rows of a week into its report. The same rows, halls and settings give the same bytes.
/// </summary>
public sealed class ReportCompiler(
    WorkCalendar calendar,
    IOptions<ReportOptions> options,
    IOptions<PrivacyOptions> privacy,
    TimeProvider time
)
{
    // The cells are chosen once for the rows that were read, because all scopes of a week must share them.
    private readonly ConditionalWeakTable<object, PublishedWeek> _published = [];

    /// <param name="all">The week's rows for every window.</param>
    /// <param name="context">The context for every window.</param>
    /// <param name="version">0 is a provisional report, which is not stored.</param>
    public WeeklyReport Compile(
        ReportScope scope,
        WeekRows all,
        WeekContext context,
        DirectorySnapshot directory,
        int version
    )
    {
        var cohort = privacy.Value.BatchSize;
        var earlier = context
            .Versions.Where(report => directory.Regions.CodeOf(report.Scope) == scope.Code)
            .MaxBy(report => report.Version);
        var published = _published.GetValue(
            all,
            _ =>
                PublishedWeek.Of(
                    all,
                    context.Entries,
                    directory,
                    cohort,
                    context.Versions,
                    WeeksBefore(context, directory, cohort)
                )
        );
        var shownBefore = context.Before.Select(week =>
            ShownCells.OfEarlierWeek(
                _published.GetValue(week, _ => PublishedWeek.Of(week, directory, cohort)),
                context.Frozen.GetValueOrDefault((scope.Code, week.Week.ToString())),
                directory
            )
        );
        var week = ScopedWeek.Of(
            scope,
            all.Of(scope),
            context,
            directory,
            options.Value,
            cohort,
            calendar.Of,
            context.HasDamagedVersion
                ? ShownCells.Nothing
                : ShownCells.OfVersion(published, scope.Place, isFirst: earlier is null),
            [.. shownBefore]
        );
        var (changes, baseline) = Comparisons.Of(week, isProvisional: version == 0);
        var (windows, bands) = PlaceTables.Windows(week);
        // Details arrive one by one for several days. A row that changed or vanished between two versions would
        // disclose the grade of the person who gave the detail. So every version has the tags of the first version.
        var (tags, otherTags) = earlier is null ? TagTable.Of(week, baseline) : (earlier.Tags, earlier.OtherTags);
        var report = Figures(week, version) with
        {
            Halls = PlaceTables.Halls(week),
            Regions = PlaceTables.Regions(week),
            Windows = windows,
            Bands = bands,
            Departments = SubjectTables.Departments(week),
            Items = SubjectTables.Items(week),
            Tags = tags,
            OtherTags = otherTags,
            Kept = week.ShowsTotal ? null : Kept(earlier),
            Quotes = QualitySection.Quotes(week),
            Quality = QualitySection.Of(week, earlier, isProvisional: version == 0),
            Changes = changes,
            Definitions = Definitions.Of(options.Value, cohort),
        };
        // The sentences come last because they quote the figures.
        var front = ReportFindings.Of(week, report);
        var (problems, suggestions) = ReportFindings.Sentences(front);
        report = report with { Problems = problems, Suggestions = suggestions };
        return report with
        {
            Summary = Summary.Of(report),
            Front = front,
            Difference = VersionDifference.Of(report, earlier),
        };
    }

    private WeeksBefore WeeksBefore(WeekContext context, DirectorySnapshot directory, int cohort)
    {
        var reports = context.Frozen.ToLookup(report => report.Key.Week, report => report.Value);
        var weeks = context.Before.Select(counts =>
        {
            var week = _published.GetValue(counts, _ => PublishedWeek.Of(counts, directory, cohort));
            var frozen = reports[counts.Week.ToString()].Select(report => new FrozenReport(report, directory, week));
            return (week, (IReadOnlyList<FrozenReport>)[.. frozen]);
        });
        return new(weeks, Math.Max(options.Value.MinimumN, cohort));
    }

    private WeeklyReport Figures(ScopedWeek week, int version)
    {
        var valid = week.Rows.Valid.ToList();
        var grades = week.Total;
        var active = Sum(valid.Where(r => r.Tier.IsActive()));
        var shown = week.ShowsTotal;
        var (rate, low, high) = shown ? week.RateOf(grades) : default;
        var (activeRate, activeLow, activeHigh) =
            shown && week.Shown.Has(new(CellTable.Active, week.Place), active.Total) ? week.RateOf(active) : default;
        // It is unknown whether imported ratings were active. So imported ratings are left out of the share. If all
        // ratings are imported, the share is null and not 0.
        var own = grades.Total - Sum(valid.Where(r => r.Tier == Tier.Imported)).Total;
        var mean = rate is null ? null : WeightedMean.Of(grades, options.Value.Weights);
        return new WeeklyReport
        {
            Id = $"{week.Scope.Code}-{week.Rows.Week}-v{version}",
            Scope = week.Scope.Code,
            Title = week.Scope.TitleOf(week.Rows.Week),
            Issue = week.Rows.Week.Number,
            Week = week.Rows.Week.ToString(),
            Version = version,
            From = week.Rows.Week.Monday,
            To = week.Rows.Week.Sunday,
            Provisional = version == 0,
            Demo = week.Directory.Demo,
            Whole = week.Scope.Whole,
            Level = week.Scope.Region?.Level,
            MinimumN = week.MinimumN,
            Cohort = week.Cohort,
            Weights = Grades.All.ToDictionary(Words.Wire, g => options.Value.Weights[g]),
            N = grades.Total,
            Good = shown ? grades.Good : null,
            Rate = rate,
            Low = low,
            High = high,
            FourWeeks = rate is null
                ? week.Figures([0], counts => new() { [0] = counts.Total }, _ => Cell.Total(week.Place))[0].FourWeeks
                : null,
            Mean = mean?.Mean,
            MeanLow = mean?.Low,
            MeanHigh = mean?.High,
            ActiveN = active.Total,
            ActiveShare = own == 0 ? null : (double)active.Total / own,
            ActiveRate = activeRate,
            ActiveLow = activeLow,
            ActiveHigh = activeHigh,
            Grades = Grades.All.ToDictionary(Words.Wire, g => shown ? grades[g] : (int?)null),
            Channels =
            [
                .. valid
                    .GroupBy(r => r.Channel)
                    .OrderBy(g => g.Key)
                    .Select(g => (g.Key, Counts: Sum(g)))
                    .Where(c => c.Counts.Total > 0)
                    .Select(c => new ReportChannel(
                        c.Key,
                        c.Counts.Total,
                        week.Shown.Has(new(CellTable.Channel, week.Place, (int)c.Key), c.Counts.Total)
                            ? c.Counts.Good
                            : null
                    )),
            ],
            Tiers =
            [
                .. valid
                    .GroupBy(r => r.Tier)
                    .OrderBy(g => g.Key)
                    .Select(g => new ReportTier(g.Key, Sum(g).Total))
                    .Where(t => t.N > 0),
            ],
            Days = Days(week, valid, version == 0 ? Today(week.Scope) : week.Rows.Week.Sunday),
            Calendar = CalendarOf(calendar.Of(week.Rows.Week)),
            Ledger = new ReportLedger(week.Rows.Head.Sequence, Convert.ToHexStringLower(week.Rows.Head.Hash)),
        };
    }

    /// <summary>Returns today's date, the latest of all halls. Only a provisional report reads the clock.</summary>
    private DateOnly Today(ReportScope scope) =>
        scope.Halls.Max(h => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), h.Zone).DateTime));

    /// <param name="last">The days after this date are still in the future.</param>
    private static IReadOnlyList<ReportDay> Days(ScopedWeek week, List<HourTally> valid, DateOnly last)
    {
        var byDate = valid.ToLookup(r => r.LocalDate);
        var days = Enumerable
            .Range(0, 7)
            .Select(week.Rows.Week.Monday.AddDays)
            .Select(date => (Date: date, Counts: Sum(byDate[date])))
            .ToList();
        return
        [
            .. days.Select(day =>
                day.Date > last && day.Counts.Total == 0
                    ? new ReportDay(day.Date, null, null)
                    : new ReportDay(
                        day.Date,
                        day.Counts.Total,
                        week.Shown.Has(Cell.Day(week.Place, day.Date), day.Counts.Total) ? day.Counts.Good : null
                    )
            ),
        ];
    }

    private static ReportKept? Kept(WeeklyReport? earlier)
    {
        if (earlier is not { Kept: null, Good: { } good })
            return earlier?.Kept;
        return ReportPrivacy.ShowsGrades(earlier)
            ? new(earlier.Id, earlier.N, good, earlier.Rate, earlier.Low, earlier.High, earlier.Mean)
            : null;
    }

    private static ReportCalendar CalendarOf(WeekDays days) =>
        new(days.WorkingDays, [.. days.Off.Select(Named)], [.. days.Worked.Select(Named)], days.UnknownYears);

    private static string Named(CalendarDay day) => $"{day.Date.Month}月{day.Date.Day}日（{day.Name}）";

    private static GradeCounts Sum(IEnumerable<HourTally> rows) =>
        rows.Aggregate(default(GradeCounts), (sum, row) => sum + row.Counts);
}
