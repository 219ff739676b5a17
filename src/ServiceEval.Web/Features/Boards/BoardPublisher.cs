using System.Diagnostics;
using Microsoft.AspNetCore.SignalR;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Hosting.Nodes;

namespace ServiceEval.Web.Features.Boards;

/// <summary>
/// Releases full cohorts after commits, and pushes to the screens of the hall. The halls take turns on a few workers,
/// so no hall waits for the screens of another hall. The service must not end, so it continues after every fault.
/// </summary>
internal sealed partial class BoardPublisher(
    RatingLog log,
    HallDirectory directory,
    BoardReleases releases,
    BoardReader reader,
    IHubContext<BoardHub, IBoardClient> screens,
    NodeRegistry nodes,
    BoardMetrics metrics,
    ILogger<BoardPublisher> logger
) : BackgroundService
{
    /// <summary>
    /// A screen that does not accept a push within this time is closed. The next push of its hall does not wait for it.
    /// </summary>
    internal static readonly TimeSpan PatienceWithScreens = TimeSpan.FromSeconds(1);

    // At most ten releases a second for each hall. The pace limits real work, so it uses the system clock even if a
    // test replaces the clock.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    // A board that cannot be published is tried again. The pause keeps the retries from flooding the database and the
    // log.
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);

    private const int Workers = 4;

    private readonly HallTurns _turns = new();
    private readonly Dictionary<int, int> _stamps = [];

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        directory.Changed += NoteChanged;
        nodes.Lost += NoteAll;
        // Cohorts that became full before a restart are released now, without waiting for the next commit.
        NoteChanged();
        log.Committed += Note;
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        log.Committed -= Note;
        nodes.Lost -= NoteAll;
        directory.Changed -= NoteChanged;
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(stoppingToken)));

    /// <summary>Asks only for halls whose board would show other names, because a city has hundreds of halls.</summary>
    private void NoteChanged()
    {
        lock (_stamps)
        {
            foreach (var hall in directory.Current.Halls)
            {
                if (_stamps.TryGetValue(hall.Id, out var stamp) && stamp == hall.BoardStamp)
                    continue;
                _stamps[hall.Id] = hall.BoardStamp;
                _turns.Ask(hall.Id);
            }
        }
    }

    private void NoteAll()
    {
        foreach (var hall in directory.Current.Halls)
            _turns.Ask(hall.Id);
    }

    private void Note(CommitResult commit)
    {
        foreach (var windowId in commit.WindowIds)
        {
            if (directory.Current.Window(windowId) is { } window)
                _turns.Ask(window.Hall.Id);
        }
    }

    private async Task WorkAsync(CancellationToken ct)
    {
        await foreach (var turn in _turns.ReadAllAsync(ct))
        {
            try
            {
                var telling = directory.Current.Hall(turn.HallId) is { } hall
                    ? await PublishAsync(turn, hall, ct)
                    : Task.CompletedTask;
                // The worker does not wait for the push, because other halls wait for the worker.
                _ = FinishAsync(turn, telling, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                _ = FinishAsync(turn, Task.FromException(e), ct);
            }
        }
    }

    /// <summary>
    /// Makes the release before the push. Screens that poll need the release even if no push can be sent.
    /// </summary>
    /// <returns>The push, which is still running.</returns>
    private async Task<Task> PublishAsync(HallTurn turn, HallEntry hall, CancellationToken ct)
    {
        turn.IsReleased |= await releases.ReleaseAsync(hall, ct);
        var board = turn.IsReleased ? await reader.ReadAsync(hall, ct) : null;
        var count = board?.ReceivedToday ?? await reader.ReceivedTodayAsync(hall, ct);
        var group = screens.Clients.Group(BoardHub.GroupOf(hall.Code));
        // Both pushes start at once. A screen that does not read the first push must not delay the second push for the
        // other screens.
        return Task.WhenAll(
            board is null ? Task.CompletedTask : group.Released(board),
            group.Received(hall.Code, count)
        );
    }

    /// <summary>
    /// Ends the turn after a pause. The hall must not have its next turn at once, so that its pushes keep their order
    /// and pace.
    /// </summary>
    private async Task FinishAsync(HallTurn turn, Task telling, CancellationToken ct)
    {
        try
        {
            await telling.WaitAsync(PatienceWithScreens, TimeProvider.System, ct);
            metrics.Pushed(Stopwatch.GetElapsedTime(turn.Since));
            turn.IsReleased = false;
            Succeeded(turn.HallId);
        }
        // The Redis client throws a TimeoutException of its own. That exception means that the push has failed.
        catch (TimeoutException) when (!telling.IsFaulted)
        {
            // The next turn of the hall does not wait for this push.
            _ = FinishLateAsync(turn.HallId, turn.IsReleased, telling, ct);
            turn.IsReleased = false;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            Failed(turn, e);
        }
        await Task.Delay(turn.HasFailed ? PauseAfterFault : Pace, TimeProvider.System, CancellationToken.None);
        _turns.End(turn);
    }

    /// <summary>
    /// Waits for a push that outlasted its turn. If a screen did not read, the transport closes that screen, and the
    /// push ends without a fault. If Redis did not answer, the push fails, and no screen of another node received it.
    /// </summary>
    private async Task FinishLateAsync(int hallId, bool isReleased, Task telling, CancellationToken ct)
    {
        try
        {
            await telling;
            Succeeded(hallId);
        }
        catch (Exception e)
        {
            if (!ct.IsCancellationRequested && _turns.FailedLate(hallId, isReleased))
                Tell(hallId, e);
        }
    }

    private void Succeeded(int hallId)
    {
        if (_turns.Succeeded(hallId))
            Log.Recovered(logger);
    }

    private void Failed(HallTurn turn, Exception e)
    {
        if (_turns.Failed(turn))
            Tell(turn.HallId, e);
    }

    /// <summary>Logs only the first failure, because a fault mostly affects all halls and lasts.</summary>
    private void Tell(int hallId, Exception e) => Log.Failed(logger, directory.Current.Hall(hallId)?.Code ?? "", e);

    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Error, "The board of {Hall} was not published. The node tries again")]
        public static partial void Failed(ILogger logger, string hall, Exception exception);

        [LoggerMessage(2002, LogLevel.Information, "Boards are published again")]
        public static partial void Recovered(ILogger logger);
    }
}
