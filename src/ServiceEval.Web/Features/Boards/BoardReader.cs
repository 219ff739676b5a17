using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Core.Boards;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Core.Tallies;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Boards;

/// <summary>
/// Builds the board of a hall from released figures. The cost depends on the number of windows and days, not on the
/// history.
/// </summary>
public sealed class BoardReader(
    IReadSnapshot snapshots,
    IDbContextFactory<ServiceEvalDb> databases,
    HallDirectory directory,
    IOptions<BoardOptions> options,
    IOptions<PrivacyOptions> privacy,
    TimeProvider time
)
{
    // The last board of each hall, with the directory entry that it was built from. The figures of a board change only
    // with its version.
    private readonly ConcurrentDictionary<int, (HallEntry Hall, Board Board)> _kept = [];

    /// <summary>
    /// Reads the board from one snapshot of the database, so that version and figures match. The read does not block
    /// ratings.
    /// </summary>
    public Task<Board> ReadAsync(HallEntry hall, CancellationToken ct) =>
        snapshots.ReadAsync((db, token) => ReadAsync(db, hall, token), ct);

    /// <summary>Returns how many active ratings were given in the hall today.</summary>
    public async Task<int> ReceivedTodayAsync(HallEntry hall, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await ReceivedAsync(db, [.. hall.Windows.Select(w => w.Id)], Today(hall), ct);
    }

    public Task<string> ETagAsync(HallEntry hall, CancellationToken ct) =>
        snapshots.ReadAsync(
            async (db, token) =>
            {
                var today = Today(hall);
                var version = await db
                    .BoardReleases.Where(r => r.HallId == hall.Id)
                    .Select(r => r.Version)
                    .SingleOrDefaultAsync(token);
                return Board.ETagOf(
                    version,
                    await ReceivedAsync(db, [.. hall.Windows.Select(w => w.Id)], today, token),
                    today
                );
            },
            ct
        );

    public DateOnly Today(HallEntry hall) => hall.DateOf(time.GetUtcNow());

    private async Task<Board> ReadAsync(ServiceEvalDb db, HallEntry hall, CancellationToken ct)
    {
        var today = Today(hall);
        var windowIds = hall.Windows.Select(w => w.Id).ToList();
        var release = await db.BoardReleases.AsNoTracking().SingleOrDefaultAsync(r => r.HallId == hall.Id, ct);
        var received = await ReceivedAsync(db, windowIds, today, ct);
        if (
            _kept.TryGetValue(hall.Id, out var kept)
            && ReferenceEquals(kept.Hall, hall)
            && kept.Board.To == today
            && kept.Board.Version == (release?.Version ?? 0)
        )
            return kept.Board with { ReceivedToday = received };
        var board = await BuildAsync(db, hall, release, received, today, ct);
        _kept[hall.Id] = (hall, board);
        return board;
    }

    private async Task<Board> BuildAsync(
        ServiceEvalDb db,
        HallEntry hall,
        BoardRelease? release,
        int received,
        DateOnly today,
        CancellationToken ct
    )
    {
        var from = today.AddDays(1 - BoardFigures.Span);
        var windowIds = hall.Windows.Select(w => w.Id).ToList();
        var days = await db
            .ReleasedDays.AsNoTracking()
            .Where(d => windowIds.Contains(d.WindowId) && d.LocalDate >= from && d.LocalDate <= today)
            .ToListAsync(ct);
        if (directory.Current.ShowsMadeUpPast)
            days.AddRange(await MadeUpPastAsync(db, windowIds, from, today, ct));

        var minimum = options.Value.MinimumN;
        var byWindow = BoardFigures.Sums(days.GroupBy(d => d.WindowId));
        var byDate = BoardFigures.Sums(days.GroupBy(d => d.LocalDate));
        var all = byWindow.Values.Aggregate(default(GradeCounts), (a, b) => a + b);
        var (n, good, rate, low, high) = GoodRate.Of(all, minimum);
        return new Board(
            hall.Code,
            hall.Name,
            release?.Version ?? 0,
            release?.ReleasedAt.UtcDateTime,
            received,
            from,
            today,
            n,
            good,
            rate,
            low,
            high,
            GoodRate.ByGrade(all),
            BoardFigures.Today(byDate.GetValueOrDefault(today), minimum),
            [
                .. hall
                    .Windows.Where(w => w.IsActive)
                    .Select(w => WindowOf(w, byWindow.GetValueOrDefault(w.Id), minimum)),
            ],
            BoardFigures.Trend(byDate, today, minimum),
            release is null ? null : BlockResponse.Of(new BlockReference(release.LedgerSequence, release.LedgerHash)),
            directory.Current.Demo,
            privacy.Value.BatchSize,
            minimum,
            hall.Hall.TimeZone
        );
    }

    /// <summary>
    /// Returns a demonstration's imported ratings of earlier days as if they had been released. No person gave these
    /// ratings, so no cohort has to protect a person.
    /// </summary>
    private static async Task<IEnumerable<ReleasedDay>> MadeUpPastAsync(
        ServiceEvalDb db,
        List<int> windowIds,
        DateOnly from,
        DateOnly today,
        CancellationToken ct
    )
    {
        var hours = await db
            .TalliesByHour.AsNoTracking()
            .Where(t =>
                windowIds.Contains(t.WindowId)
                && t.LocalDate >= from
                && t.LocalDate < today
                && t.Tier == Tier.Imported
                && t.Standing == Standing.Counted
            )
            .ToListAsync(ct);
        return hours.Select(hour =>
        {
            var day = new ReleasedDay { WindowId = hour.WindowId, LocalDate = hour.LocalDate };
            day.Add(hour.Counts);
            return day;
        });
    }

    private static async Task<int> ReceivedAsync(
        ServiceEvalDb db,
        List<int> windowIds,
        DateOnly today,
        CancellationToken ct
    ) =>
        await db
            .TalliesByHour.WhereActive()
            .Where(t =>
                t.LocalDate == today && BoardFigures.Hours.Contains(t.LocalHour) && windowIds.Contains(t.WindowId)
            )
            .SumAsync(
                t => t.VerySatisfied + t.Satisfied + t.BasicallySatisfied + t.Dissatisfied + t.VeryDissatisfied,
                ct
            );

    private static BoardWindow WindowOf(WindowEntry window, GradeCounts counts, int minimum)
    {
        var (n, good, rate, low, high) = GoodRate.Of(counts, minimum);
        return new BoardWindow(window.Number, window.Name, n, good, rate, low, high);
    }
}
