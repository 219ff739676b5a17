using Microsoft.Extensions.Options;
using ServiceEval.Data.Ratings;
using ServiceEval.Data.Tallies;
using ServiceEval.Web.Features.Boards;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Web.Features.Reports;

/// <summary>From a week's rows to its report. The same rows, halls and settings give the same bytes.</summary>
public sealed class ReportCompiler(HallDirectory directory, IOptions<ReportOptions> options, IOptions<BoardOptions> boards)
{
    /// <param name="rows">Of the scope's windows only.</param>
    /// <param name="version">0 is provisional: kept nowhere.</param>
    public WeeklyReport Compile(ReportScope scope, WeekRows rows, int version)
    {
        var valid = rows.Valid.ToList();
        var grades = Sum(valid);
        var active = Sum(valid.Where(r => r.Tier.IsActive())).Total;
        var (rate, low, high) = RateOf(grades.Good, grades.Total);
        return new WeeklyReport
        {
            Id = $"{scope.Code}-{rows.Week}-v{version}",
            Scope = scope.Code,
            Title = scope.Title,
            Week = rows.Week.ToString(),
            Version = version,
            From = rows.Week.Monday,
            To = rows.Week.Sunday,
            Provisional = version == 0,
            Demo = directory.Current.Demo,
            MinimumN = options.Value.MinimumN,
            N = grades.Total,
            Good = grades.Good,
            Rate = rate,
            Low = low,
            High = high,
            ActiveN = active,
            ActiveShare = grades.Total == 0 ? null : (double)active / grades.Total,
            Grades = Grades.All.ToDictionary(Words.Wire, g => grades[g]),
            Channels = [.. valid.GroupBy(r => r.Channel).OrderBy(g => g.Key).Select(g => (g.Key, Counts: Sum(g))).Where(c => c.Counts.Total > 0)
                .Select(c => new ReportChannel(c.Key, c.Counts.Total, c.Counts.Good))],
            Tiers = [.. valid.GroupBy(r => r.Tier).OrderBy(g => g.Key).Select(g => new ReportTier(g.Key, Sum(g).Total)).Where(t => t.N > 0)],
            Places = Places(scope, valid),
            Ledger = new ReportLedger(rows.Head.Sequence, Convert.ToHexStringLower(rows.Head.Hash)),
        };
    }

    private List<ReportPlace> Places(ReportScope scope, List<HourTally> valid)
    {
        var byWindow = valid.ToLookup(r => r.WindowId);
        var places = scope.IsCounty
            ? scope.Halls.Select(h => (Hall: h, Number: (string?)null, h.Name, Counts: Sum(h.Windows.SelectMany(w => byWindow[w.Id])))).ToList()
            : [.. scope.Windows.Select(w => (w.Hall, Number: (string?)w.Number, w.Name, Counts: Sum(byWindow[w.Id])))];
        var hidden = Hidden(places.Select(p => p.Counts.Total));
        return [.. places.Select((p, i) => hidden.Contains(i)
            ? new ReportPlace(p.Hall.Code, p.Number, p.Name, p.Counts.Total, null, null, null, null)
            : Shown(p.Hall.Code, p.Number, p.Name, p.Counts))];
    }

    private ReportPlace Shown(string hall, string? number, string name, GradeCounts counts)
    {
        var (rate, low, high) = RateOf(counts.Good, counts.Total);
        return new(hall, number, name, counts.Total, counts.Good, rate, low, high);
    }

    /// <summary>
    /// The places whose grades stay hidden: those with fewer ratings than a cohort; and while all that is hidden makes less
    /// than one, the next smallest too, for otherwise the total less what is shown gives it away.
    /// </summary>
    private HashSet<int> Hidden(IEnumerable<int> totals)
    {
        var k = boards.Value.BatchSize;
        var hidden = new HashSet<int>();
        var sum = 0;
        foreach (var (index, n) in totals.Index().Where(p => p.Item > 0).OrderBy(p => p.Item))
        {
            if (n >= k && (sum == 0 || sum >= k)) break;
            hidden.Add(index);
            sum += n;
        }
        return hidden;
    }

    private (double? Rate, double? Low, double? High) RateOf(int good, int n)
    {
        if (n < options.Value.MinimumN) return (null, null, null);
        var (low, high) = Wilson.Interval(good, n);
        return ((double)good / n, low, high);
    }

    private static GradeCounts Sum(IEnumerable<HourTally> rows) => rows.Aggregate(default(GradeCounts), (sum, row) => sum + row.Counts);
}
