using ServiceEval.Core.Ratings;
using ServiceEval.Core.Tallies;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;
using ServiceEval.Web.Features.Reports.Protection;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>Builds 数据质量 and the quoted comments.</summary>
internal static class QualitySection
{
    private const int MostQuotes = 20;

    public static ReportQuality Of(ScopedWeek week, WeeklyReport? earlier, bool isProvisional)
    {
        var rows = week.Rows.Rows;
        var received = rows.Sum(r => r.Counts.Total);
        var now = week.Now.ByWindow();
        return new(
            received,
            earlier is null ? 0 : earlier.Quality.Late + received - earlier.Quality.Received,
            rows.Where(r => r is { Tier: Tier.Imported, Standing: Standing.Counted }).Sum(r => r.Counts.Total),
            rows.Where(r => r.Standing == Standing.Quarantined).Sum(r => r.Counts.Total),
            rows.Where(r => r.Standing == Standing.Voided).Sum(r => r.Counts.Total),
            [
                .. week
                    .Scope.Windows.Where(w => w.IsActive && now.GetValueOrDefault(w.Id).Total == 0)
                    .Select(w => new ReportSilentWindow(w.Hall.Name, w.Number, w.Name)),
            ],
            isProvisional ? [] : SilentDays(week),
            Corrections(week),
            Repeats(week)
        );
    }

    /// <summary>
    /// Returns no days if the working days are unknown, or if so few ratings arrive that an empty day means nothing.
    /// </summary>
    private static IReadOnlyList<DateOnly> SilentDays(ScopedWeek week)
    {
        var calendar = week.Calendar(week.Rows.Week);
        if (!calendar.IsKnown || week.Total.Total < 10 * week.MinimumN)
            return [];
        var rated = week.Rows.Rows.Where(r => r.Counts.Total > 0).Select(r => r.LocalDate).ToHashSet();
        return
        [
            .. Enumerable
                .Range(0, 7)
                .Select(week.Rows.Week.Monday.AddDays)
                .Where(date => calendar.IsWorked(date) && !rated.Contains(date)),
        ];
    }

    /// <summary>Returns the quotes in an order that discloses neither time nor place.</summary>
    public static IReadOnlyList<ReportQuote> Quotes(ScopedWeek week)
    {
        // If there were only a single bad rating, readers would know whose words they are.
        if (!week.ShowsTotal || week.Total.Total - week.Total.Good < week.Cohort)
            return [];
        return
        [
            .. week
                .Entries.Comments.Select(c => new ReportQuote(c.Grade, Convert.ToHexStringLower(c.Commitment)))
                .GroupBy(q => q.Grade)
                .SelectMany(grade => grade.OrderBy(q => q.Commitment, StringComparer.Ordinal).Index())
                // Both bad grades get the same number of quotes, if there are enough.
                .OrderBy(q => q.Index)
                .ThenByDescending(q => q.Item.Grade)
                .Take(MostQuotes)
                .Select(q => q.Item)
                .OrderByDescending(q => q.Grade)
                .ThenBy(q => q.Commitment, StringComparer.Ordinal),
        ];
    }

    private static ReportCorrections Corrections(ScopedWeek week)
    {
        var all = week.Entries.Corrections;
        if (!week.ShowsTotal || !week.Shown.Has(new(CellTable.Corrections, week.Place), all.Count))
            return new(all.Count, null, null, null, null);
        int Count(bool fromBad, bool toBad) =>
            all.Count(c => c.ReplacedGrade.IsBad() == fromBad && c.Grade.IsBad() == toBad);
        return new(all.Count, Count(true, false), Count(false, true), Count(false, false), Count(true, true));
    }

    private static ReportRepeats Repeats(ScopedWeek week)
    {
        var byWindow = Counting.Repeats.ByWindow(week.Entries.Repeats);
        var sum = byWindow.Values.Aggregate(default(GradeCounts), (total, counts) => total + counts);
        var windows = week
            .Scope.Windows.Where(w => byWindow.ContainsKey(w.Id))
            .Select(w => new ReportRepeatWindow(w.Hall.Name, w.Number, w.Name, byWindow[w.Id].Total))
            .ToList();
        if (!week.ShowsTotal || !week.Shown.Has(new(CellTable.Repeats, week.Place), sum.Total))
            return new(sum.Total, null, null, null, null, windows);
        var (rate, low, high) = week.RateOf(week.Total - sum);
        return new(sum.Total, sum.Good, rate, low, high, windows);
    }
}
