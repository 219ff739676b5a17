using Microsoft.EntityFrameworkCore;
using ServiceEval.Data;
using ServiceEval.Data.Ratings;
using ServiceEval.Data.Tallies;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>A week further back than any comparison reaches: valid ratings by window, for the line of weeks.</summary>
public sealed record OlderWeek(IsoWeek Week, IReadOnlyDictionary<int, GradeCounts> ByWindow)
{
    public GradeCounts Total(IReadOnlySet<int> windows) =>
        ByWindow.Where(w => windows.Contains(w.Key)).Aggregate(default(GradeCounts), (sum, w) => sum + w.Value);

    public static async Task<OlderWeek> ReadAsync(ServiceEvalDb db, IsoWeek week, CancellationToken ct)
    {
        var (from, to) = (week.Monday, week.Sunday);
        var windows = await db.TalliesByHour.Where(t => t.LocalDate >= from && t.LocalDate <= to && t.Standing == Standing.Counted && t.Tier != Tier.Imputed)
            .GroupBy(t => t.WindowId).OrderBy(g => g.Key)
            .Select(g => new
            {
                g.Key, A = g.Sum(t => t.VerySatisfied), B = g.Sum(t => t.Satisfied), C = g.Sum(t => t.BasicallySatisfied),
                D = g.Sum(t => t.Dissatisfied), E = g.Sum(t => t.VeryDissatisfied),
            }).ToListAsync(ct);
        return new(week, windows.ToDictionary(w => w.Key, w => new GradeCounts(w.A, w.B, w.C, w.D, w.E)));
    }
}
