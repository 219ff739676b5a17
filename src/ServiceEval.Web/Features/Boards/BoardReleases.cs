using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Core.Boards;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Core.Tallies;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Boards;

/// <summary>
/// Moves ratings onto the board in cohorts. If at least k more ratings of a window have come in, the window's figures
/// advance to its current tally. So the difference between two boards is a whole number of cohorts. If all ratings of a
/// cohort have one grade, the board still reveals the grade of each of them. A correction changes no count of ratings,
/// so it waits for the next cohort. A cohort that would lower the count of a grade waits too, because a falling count
/// would show who corrected which grade. A released rating counts under the local date of its release.
/// </summary>
public sealed class BoardReleases(
    IReadSnapshot snapshots,
    IDbContextFactory<ServiceEvalDb> databases,
    IWriteGate gate,
    BoardReader reader,
    HallDirectory directory,
    IOptions<PrivacyOptions> privacy,
    TimeProvider time
)
{
    private const int Attempts = 3;

    /// <summary>
    /// Makes the next release if the cohort of a window is full, or if the windows of the hall have changed. Returns
    /// whether a release was made.
    /// </summary>
    public async Task<bool> ReleaseAsync(HallEntry hall, CancellationToken ct)
    {
        // The changes are prepared from one snapshot of the database while ratings continue. Only the write makes
        // ratings wait. The version tells whether the snapshot was still current (optimistic concurrency).
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var changes = await snapshots.ReadAsync((db, token) => PrepareAsync(db, hall, token), ct);
            if (changes.Count == 0)
                return false;
            if (await gate.WriteAsync((db, token) => WriteAsync(db, changes, token), ct))
                return true;
        }
        return false;
    }

    /// <summary>
    /// Returns the rows that the next release adds or changes. The list is empty if there is nothing to release.
    /// </summary>
    private async Task<IReadOnlyList<(object Row, EntityState State)>> PrepareAsync(
        ServiceEvalDb db,
        HallEntry hall,
        CancellationToken ct
    )
    {
        var release = await db.BoardReleases.SingleOrDefaultAsync(r => r.HallId == hall.Id, ct);
        var windowIds = hall.Windows.Select(w => w.Id).ToList();
        var cursors = await db
            .BoardCursors.Where(c => windowIds.Contains(c.WindowId))
            .ToDictionaryAsync(c => c.WindowId, ct);
        var cohorts = await FullCohortsAsync(db, windowIds, cursors, ct);
        if (cohorts.Count == 0 && !IsOutdated(release, hall))
            return [];

        if (release is null)
            db.Add(release = new BoardRelease { HallId = hall.Id });
        var head = await db.LedgerHead.AsNoTracking().SingleAsync(ct);
        release.Version++;
        release.ReleasedAt = time.GetUtcNow().ToMilliseconds();
        release.DirectoryVersion = hall.BoardStamp;
        (release.LedgerSequence, release.LedgerHash) = (head.Sequence, head.Hash);
        await AddAsync(db, cohorts, cursors, reader.Today(hall), ct);
        return
        [
            .. db
                .ChangeTracker.Entries()
                .Where(e => e.State is EntityState.Added or EntityState.Modified)
                .Select(e => (e.Entity, e.State)),
        ];
    }

    private async Task<bool> WriteAsync(
        ServiceEvalDb db,
        IReadOnlyList<(object Row, EntityState State)> changes,
        CancellationToken ct
    )
    {
        foreach (var (row, state) in changes)
            db.Entry(row).State = state;
        var release = db.BoardReleases.Local.Single();
        db.Entry(release).Property(r => r.Version).OriginalValue = release.Version - 1;
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException)
        {
            if (await VersionAsync(release.HallId, ct) < release.Version)
                throw;
            // Another node released this version first and pushes it. The next attempt looks for cohorts that the other
            // node did not see.
            return false;
        }
    }

    /// <summary>
    /// Returns whether a window of the hall was renamed or retired since the release, or an invented past came in. The
    /// board has then changed although no citizen rated.
    /// </summary>
    private bool IsOutdated(BoardRelease? release, HallEntry hall) =>
        release is null ? directory.Current.ShowsMadeUpPast : release.DirectoryVersion != hall.BoardStamp;

    private static async Task AddAsync(
        ServiceEvalDb db,
        Dictionary<int, GradeCounts> cohorts,
        Dictionary<int, BoardCursor> cursors,
        DateOnly today,
        CancellationToken ct
    )
    {
        var windowIds = cohorts.Keys.ToList();
        var days = await db
            .ReleasedDays.Where(d => windowIds.Contains(d.WindowId) && d.LocalDate == today)
            .ToDictionaryAsync(d => d.WindowId, ct);
        foreach (var (windowId, cohort) in cohorts)
        {
            if (!cursors.TryGetValue(windowId, out var cursor))
                db.Add(cursor = new BoardCursor { WindowId = windowId });
            cursor.Add(cohort);
            if (!days.TryGetValue(windowId, out var day))
                db.Add(day = new ReleasedDay { WindowId = windowId, LocalDate = today });
            day.Add(cohort);
        }
    }

    private async Task<long> VersionAsync(int hallId, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db.BoardReleases.Where(r => r.HallId == hallId).Select(r => r.Version).SingleOrDefaultAsync(ct);
    }

    private async Task<Dictionary<int, GradeCounts>> FullCohortsAsync(
        ServiceEvalDb db,
        List<int> windowIds,
        Dictionary<int, BoardCursor> cursors,
        CancellationToken ct
    )
    {
        var tallies = await db
            .TalliesByWindow.AsNoTracking()
            .WhereActive()
            .Where(t => windowIds.Contains(t.WindowId) && t.Standing == Standing.Counted)
            .ToListAsync(ct);

        return tallies
            .GroupBy(t => t.WindowId)
            .Select(g =>
                (WindowId: g.Key, Waiting: g.Aggregate(default(GradeCounts), (sum, t) => sum + t.Counts) - Shown(g.Key))
            )
            .Where(w => w.Waiting.Total >= privacy.Value.BatchSize && !w.Waiting.HasNegative)
            .ToDictionary(w => w.WindowId, w => w.Waiting);

        GradeCounts Shown(int windowId) => cursors.TryGetValue(windowId, out var cursor) ? cursor.Counts : default;
    }
}
