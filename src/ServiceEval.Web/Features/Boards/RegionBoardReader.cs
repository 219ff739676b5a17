using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Core.Boards;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Core.Tallies;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Boards;

/// <summary>
/// Builds the board of a region from the released figures of its halls. The number of queries does not depend on the
/// number of halls.
/// </summary>
public sealed class RegionBoardReader(
    IReadSnapshot snapshots,
    IOptions<BoardOptions> options,
    IOptions<PrivacyOptions> privacy,
    TimeProvider time
)
{
    // The last board of each region, with the directory entry that it was built from. The figures of a board change
    // only with its version.
    private readonly ConcurrentDictionary<int, (RegionEntry Region, RegionBoard Board)> _kept = [];

    /// <param name="directory">The reading of the directory that <paramref name="region"/> was found in.</param>
    public Task<(RegionBoard Board, string ETag)> ReadAsync(
        RegionEntry region,
        DirectorySnapshot directory,
        CancellationToken ct
    )
    {
        var halls = new RegionHalls(region, directory, time.GetUtcNow());
        return snapshots.ReadAsync(
            async (db, token) =>
            {
                var board = await ReadAsync(db, halls, token);
                return (board, RegionBoard.ETagOf(board.Version, board.ReceivedToday, board.To, directory.Version));
            },
            ct
        );
    }

    /// <inheritdoc cref="ReadAsync(RegionEntry, DirectorySnapshot, CancellationToken)"/>
    public Task<string> ETagAsync(RegionEntry region, DirectorySnapshot directory, CancellationToken ct)
    {
        var halls = new RegionHalls(region, directory, time.GetUtcNow());
        return snapshots.ReadAsync(
            async (db, token) =>
                RegionBoard.ETagOf(
                    await VersionAsync(db, halls, token),
                    await ReceivedAsync(db, halls, token),
                    halls.Today,
                    directory.Version
                ),
            ct
        );
    }

    private async Task<RegionBoard> ReadAsync(ServiceEvalDb db, RegionHalls halls, CancellationToken ct)
    {
        var version = await VersionAsync(db, halls, ct);
        var received = await ReceivedAsync(db, halls, ct);
        if (
            _kept.TryGetValue(halls.Region.Id, out var kept)
            && ReferenceEquals(kept.Region, halls.Region)
            && kept.Board.To == halls.Today
            && kept.Board.Version == version
        )
            return kept.Board with { ReceivedToday = received };
        var newest = await ReleasesOf(db, halls).OrderByDescending(r => r.LedgerSequence).FirstOrDefaultAsync(ct);
        var days = await HallDay.ReadAsync(
            db,
            halls.IdsOfPeriod,
            halls.From,
            halls.Today,
            halls.Directory.ShowsMadeUpPast,
            ct
        );
        var board = Build(halls, days, version, newest, received);
        _kept[halls.Region.Id] = (halls.Region, board);
        return board;
    }

    private RegionBoard Build(
        RegionHalls halls,
        IEnumerable<HallDay> read,
        long version,
        BoardRelease? newest,
        int received
    )
    {
        var minimum = options.Value.MinimumN;
        var days = read.Where(day => halls.Contains(day.HallId, day.LocalDate)).ToList();
        var byChild = BoardFigures.Sums(days.GroupBy(day => halls.ChildOf(day.HallId, day.LocalDate)!.Value));
        var byDate = BoardFigures.Sums(days.GroupBy(day => day.LocalDate));
        var all = BoardFigures.Sum(days);
        var (n, good, rate, low, high) = GoodRate.Of(all, minimum);
        return new RegionBoard(
            halls.Region.Code,
            halls.Region.Name,
            version,
            newest?.ReleasedAt.UtcDateTime,
            received,
            halls.From,
            halls.Today,
            n,
            good,
            rate,
            low,
            high,
            GoodRate.ByGrade(all),
            BoardFigures.Today(byDate.GetValueOrDefault(halls.Today), minimum),
            halls.OfToday.Count,
            [.. halls.Children.Select(child => PlaceOf(child, byChild.GetValueOrDefault(child.Scope), minimum))],
            BoardFigures.Trend(byDate, halls.Today, minimum),
            newest is null ? null : BlockResponse.Of(new BlockReference(newest.LedgerSequence, newest.LedgerHash)),
            halls.Directory.Demo,
            privacy.Value.BatchSize,
            minimum,
            halls.TimeZone
        );
    }

    private static BoardPlace PlaceOf(
        (PlaceScope Scope, string Code, string Name, string ShortName) child,
        GradeCounts counts,
        int minimum
    )
    {
        var (n, good, rate, low, high) = GoodRate.Of(counts, minimum);
        return new BoardPlace(child.Code, child.Name, child.ShortName, n, good, rate, low, high);
    }

    private static Task<long> VersionAsync(ServiceEvalDb db, RegionHalls halls, CancellationToken ct) =>
        ReleasesOf(db, halls).SumAsync(r => r.Version, ct);

    private static IQueryable<BoardRelease> ReleasesOf(ServiceEvalDb db, RegionHalls halls)
    {
        var releases = db.BoardReleases.AsNoTracking();
        return halls.IdsOfToday is { } ids ? releases.Where(r => ids.Contains(r.HallId)) : releases;
    }

    /// <summary>Returns how many active ratings were given in the region today.</summary>
    private static async Task<int> ReceivedAsync(ServiceEvalDb db, RegionHalls halls, CancellationToken ct)
    {
        var today = halls.Today;
        var places = halls.IdsOfToday is { } ids ? db.Windows.Where(w => ids.Contains(w.HallId)) : db.Windows;
        var windows = places.Select(w => w.Id);
        return await db
            .TalliesByHour.Where(t =>
                t.LocalDate == today
                && BoardFigures.Hours.Contains(t.LocalHour)
                && windows.Contains(t.WindowId)
                && t.Tier <= Tier.Open
            )
            .SumAsync(
                t => t.VerySatisfied + t.Satisfied + t.BasicallySatisfied + t.Dissatisfied + t.VeryDissatisfied,
                ct
            );
    }
}
