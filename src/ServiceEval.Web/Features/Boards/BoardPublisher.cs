using System.Diagnostics;
using Microsoft.AspNetCore.SignalR;
using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Hosting.Nodes;

namespace ServiceEval.Web.Features.Boards;

/// <summary>
/// After commits: releases what has become full and tells the hall's screens. Halls take turns with a few workers, and
/// nobody waits for another hall's screens. It must not die, so it goes on after any fault.
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
    /// A screen that has not taken a push by then is closed, and its hall's next push does not wait for it.
    /// </summary>
    internal static readonly TimeSpan PatienceWithScreens = TimeSpan.FromSeconds(1);

    // At most ten releases a second a hall. It paces real work, so it runs on the real clock also where time is faked.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    // A board that can't be published is tried again, but neither the database nor the log is flooded meanwhile.
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);

    private const int Workers = 4;

    private readonly HallTurns _turns = new();
    private readonly Dictionary<int, int> _stamps = [];

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        directory.Changed += NoteChanged;
        nodes.Lost += NoteAll;
        // What filled up before a restart waits for nobody.
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

    /// <summary>Only halls whose boards would name something else: a city has hundreds.</summary>
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
                // Not by the worker: other halls wait for it.
                _ = FinishAsync(turn, telling, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                _ = FinishAsync(turn, Task.FromException(e), ct);
            }
        }
    }

    /// <summary>The release first: screens that ask need it, also where nobody can be told.</summary>
    /// <returns>The push, under way.</returns>
    private async Task<Task> PublishAsync(HallTurn turn, HallEntry hall, CancellationToken ct)
    {
        turn.IsReleased |= await releases.ReleaseAsync(hall, ct);
        var board = turn.IsReleased ? await reader.ReadAsync(hall, ct) : null;
        var count = board?.ReceivedToday ?? await reader.ReceivedTodayAsync(hall, ct);
        var group = screens.Clients.Group(BoardHub.GroupOf(hall.Code));
        // Both at once: a screen that does not read the first must not keep the second from the others.
        return Task.WhenAll(
            board is null ? Task.CompletedTask : group.Released(board),
            group.Received(hall.Code, count)
        );
    }

    /// <summary>
    /// Ends the turn: at once the hall may not have the next, so that pushes keep their order and pace.
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
        // Redis has a TimeoutException of its own, which ends the push.
        catch (TimeoutException) when (!telling.IsFaulted)
        {
            // The hall's next turn does not wait for it.
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
    /// A push that outlasts its turn ends well where a screen did not read: the transport closes that screen. It fails
    /// where Redis did not answer, and then no screen of another node has it.
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

    /// <summary>Once, because a fault mostly is every hall's and lasts.</summary>
    private void Tell(int hallId, Exception e) => Log.Failed(logger, directory.Current.Hall(hallId)?.Code ?? "", e);

    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Error, "The board of {Hall} was not published; trying again")]
        public static partial void Failed(ILogger logger, string hall, Exception exception);

        [LoggerMessage(2002, LogLevel.Information, "Boards are published again")]
        public static partial void Recovered(ILogger logger);
    }
}
