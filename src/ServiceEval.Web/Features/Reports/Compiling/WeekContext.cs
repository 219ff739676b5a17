using ServiceEval.Data;
using ServiceEval.Data.Ratings;
using Microsoft.EntityFrameworkCore;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>What a week's reports need beside its rows. It costs more than these, so that it is read only where a report is due.</summary>
/// <param name="Before">The four weeks before, newest first.</param>
/// <param name="HasEarlier">Whether anything was ever rated before the week.</param>
public sealed record WeekContext(IReadOnlyList<WeekCounts> Before, bool HasEarlier, WeekEntries Entries)
{
    public const int WeeksBefore = 4;

    /// <summary>Call it within the snapshot of the week's rows.</summary>
    public static async Task<WeekContext> ReadAsync(ServiceEvalDb db, IsoWeek week, CancellationToken ct)
    {
        var before = new List<WeekCounts>();
        foreach (var earlier in week.Previous.Backwards().Take(WeeksBefore)) before.Add(await WeekCounts.ReadAsync(db, earlier, ct));
        var monday = week.Monday;
        return new(before, await db.TalliesByHour.AnyAsync(t => t.LocalDate < monday, ct), await WeekEntries.ReadAsync(db, week, ct));
    }
}
