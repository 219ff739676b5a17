using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Data;
using ServiceEval.Data.Boards;
using ServiceEval.Data.Ratings;
using ServiceEval.Data.Tallies;
using ServiceEval.Web.Features.Halls;

namespace ServiceEval.Web.Features.Boards;

/// <summary>
/// Moves ratings onto the board in cohorts: a window's figures advance to its tally as it stands once at least k more have
/// come in, so that no subtraction tells a clerk who just voted. Corrections change no count and so wait for the next
/// cohort. Whatever is released counts under the local date of its release.
/// </summary>
public sealed class BoardReleases(
    IDbContextFactory<ServiceEvalDb> databases, IWriteGate gate, BoardReader reader, IOptions<BoardOptions> options, TimeProvider time)
{
    /// <summary>Makes the next release if any window's cohort is full; says whether it did.</summary>
    public async Task<bool> ReleaseAsync(HallEntry hall, CancellationToken ct)
    {
        // Looking needs no turn at the gate: most commits fill no cohort.
        await using (var db = await databases.CreateDbContextAsync(ct))
        {
            if ((await FullCohortsAsync(db, hall, ct)).Count == 0) return false;
        }
        return await gate.WriteAsync((db, token) => ReleaseAsync(db, hall, token), ct);
    }

    private async Task<bool> ReleaseAsync(ServiceEvalDb db, HallEntry hall, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var cohorts = await FullCohortsAsync(db, hall, ct);
        if (cohorts.Count == 0) return false;

        var release = await db.BoardReleases.SingleOrDefaultAsync(r => r.HallId == hall.Id, ct);
        if (release is null) db.Add(release = new BoardRelease { HallId = hall.Id });
        var head = await db.LedgerHead.AsNoTracking().SingleAsync(ct);
        release.Version++;
        release.ReleasedAt = time.GetUtcNow().ToMilliseconds();
        (release.LedgerSequence, release.LedgerHash) = (head.Sequence, head.Hash);

        var today = reader.Today(hall);
        foreach (var (windowId, cohort) in cohorts)
        {
            var cursor = await db.BoardCursors.FindAsync([windowId], ct);
            if (cursor is null) db.Add(cursor = new BoardCursor { WindowId = windowId });
            cursor.Add(cohort);
            var day = await db.ReleasedDays.FindAsync([windowId, today], ct);
            if (day is null) db.Add(day = new ReleasedDay { WindowId = windowId, LocalDate = today });
            day.Add(cohort);
        }

        try
        {
            await db.SaveChangesAsync(ct);
            await transaction.CommitAsync(ct);
            return true;
        }
        catch (DbUpdateException)
        {
            // Another node released this version first: its release announces itself, and what remains waits for the next look.
            return false;
        }
    }

    private async Task<Dictionary<int, GradeCounts>> FullCohortsAsync(ServiceEvalDb db, HallEntry hall, CancellationToken ct)
    {
        var windowIds = hall.Windows.Select(w => w.Id).ToList();
        var shown = await db.BoardCursors.AsNoTracking().Where(c => windowIds.Contains(c.WindowId)).ToDictionaryAsync(c => c.WindowId, c => c.Counts, ct);
        var tallies = await db.TalliesByWindow.AsNoTracking()
            .Where(t => windowIds.Contains(t.WindowId) && t.Tier <= Tier.Open && t.Standing == Standing.Counted).ToListAsync(ct);

        return tallies.GroupBy(t => t.WindowId)
            .Select(g => (WindowId: g.Key, Waiting: g.Aggregate(default(GradeCounts), (sum, t) => sum + t.Counts) - shown.GetValueOrDefault(g.Key)))
            .Where(w => w.Waiting.Total >= options.Value.BatchSize)
            .ToDictionary(w => w.WindowId, w => w.Waiting);
    }
}
