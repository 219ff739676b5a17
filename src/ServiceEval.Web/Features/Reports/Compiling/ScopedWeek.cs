using ServiceEval.Data.Ratings;
using ServiceEval.Data.Tallies;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Reports.Statistics;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>All that a report of one scope is compiled from, cut to the scope's windows.</summary>
/// <param name="Before">The four weeks before, newest first.</param>
/// <param name="Cohort">k: no table shows the grades of fewer ratings.</param>
internal sealed record ScopedWeek(
    ReportScope Scope, WeekRows Rows, WeekCounts Now, IReadOnlyList<WeekCounts> Before, WeekEntries Entries, bool HasEarlier,
    DirectorySnapshot Directory, ReportOptions Options, int Cohort, Func<IsoWeek, WeekDays> Calendar)
{
    /// <summary>A rate over fewer than a cohort would tell their grades, whatever the setting says.</summary>
    public int MinimumN => Math.Max(Options.MinimumN, Cohort);

    /// <summary>The weeks before <see cref="Before"/>, newest first.</summary>
    public IReadOnlyList<OlderWeek> Older { get; private init; } = [];

    /// <summary>The JSON of the scope's report of the week before; null without one.</summary>
    public string? LastReport { get; private init; }

    /// <summary>Valid ratings.</summary>
    public GradeCounts Total { get; } = Now.Total;

    public static ScopedWeek Of(
        ReportScope scope, WeekRows rows, WeekContext context, DirectorySnapshot directory, ReportOptions options, int cohort, Func<IsoWeek, WeekDays> calendar)
    {
        var windows = scope.WindowIds;
        return new(
            scope, rows, WeekCounts.Of(rows), [.. context.Before.Select(week => week.Within(windows))], context.Entries.Of(scope, rows.Week), context.HasEarlier,
            directory, options, cohort, calendar)
        {
            Older = context.Older, LastReport = context.LastReports.GetValueOrDefault(scope.Code),
        };
    }

    public (double? Rate, double? Low, double? High) RateOf(GradeCounts counts)
    {
        if (counts.Total < MinimumN) return (null, null, null);
        var (low, high) = Wilson.Interval(counts.Good, counts.Total);
        return ((double)counts.Good / counts.Total, low, high);
    }

    /// <summary>The figures of a table's rows, in the order of the keys.</summary>
    /// <param name="by">Counts of a week by key.</param>
    public IReadOnlyList<RowFigures<TKey>> Figures<TKey>(
        IReadOnlyList<TKey> keys, Func<WeekCounts, Dictionary<TKey, GradeCounts>> by, IReadOnlySet<TKey> hidden) where TKey : notnull
    {
        Dictionary<TKey, GradeCounts>[] weeks = [by(Now), .. Before.Take(3).Select(by)];
        return [.. keys.Select(key =>
        {
            var counts = weeks.Select(week => week.GetValueOrDefault(key)).ToArray();
            var n = counts[0].Total;
            if (hidden.Contains(key)) return new RowFigures<TKey>(key, n, null, null, null, null, null);
            var (rate, low, high) = RateOf(counts[0]);
            return new RowFigures<TKey>(key, n, counts[0].Good, rate, low, high, rate is null ? Together(counts) : null);
        })];
    }

    /// <summary>
    /// Four weeks together, for what has too few ratings in one. From one week's report to the next a week falls out and
    /// another comes in: none of them may be smaller than a cohort, or their difference would show its grades.
    /// </summary>
    private ReportSpan? Together(IReadOnlyList<GradeCounts> weeks)
    {
        if (weeks.Any(week => week.Total > 0 && week.Total < Cohort)) return null;
        var all = weeks.Aggregate(default(GradeCounts), (sum, week) => sum + week);
        return RateOf(all) is ({ } rate, { } low, { } high) ? new ReportSpan(all.Total, rate, low, high) : null;
    }
}

internal readonly record struct RowFigures<TKey>(TKey Key, int N, int? Good, double? Rate, double? Low, double? High, ReportSpan? FourWeeks);
