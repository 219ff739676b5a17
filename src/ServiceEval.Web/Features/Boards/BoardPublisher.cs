using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Hosting.Nodes;

namespace ServiceEval.Web.Features.Boards;

/// <summary>After commits: releases what has become full and tells the halls' screens. It must not die, so it goes on after any fault.</summary>
internal sealed partial class BoardPublisher(
    RatingLog log, HallDirectory directory, BoardReleases releases, BoardReader reader, IHubContext<BoardHub, IBoardClient> screens,
    NodeRegistry nodes, BoardMetrics metrics, ILogger<BoardPublisher> logger) : BackgroundService
{
    // At most ten releases a second a hall. It paces real work, so it runs on the real clock also where time is faked.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    // A board that can't be published is tried again, but neither the database nor the log is flooded meanwhile.
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);

    // Since when: of what waits, the first.
    private readonly ConcurrentDictionary<int, long> _dirtyHalls = new();
    private bool _isFailing;

    // Looked at, and the push not through yet: since when, and whether there is a release in it. Of the one loop alone.
    private readonly Dictionary<int, (long Since, bool IsReleased)> _untold = [];
    private readonly System.Threading.Channels.Channel<bool> _wake = System.Threading.Channels.Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // What filled up before a restart waits for nobody.
        directory.Changed += NoteAll;
        nodes.Lost += NoteAll;
        NoteAll();
        log.Committed += Note;
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        log.Committed -= Note;
        nodes.Lost -= NoteAll;
        directory.Changed -= NoteAll;
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await _wake.Reader.ReadAsync(stoppingToken);
            // All releases first: screens that ask need them, also where nobody can be told.
            var isDone = await ReleaseAsync(stoppingToken) & await TellAsync(stoppingToken);
            if (!isDone) _wake.Writer.TryWrite(true);
            if (isDone && _isFailing) Log.Recovered(logger);
            _isFailing &= !isDone;
            await Task.Delay(isDone ? Pace : PauseAfterFault, TimeProvider.System, stoppingToken);
        }
    }

    private void NoteAll()
    {
        foreach (var hall in directory.Current.Halls) _dirtyHalls.TryAdd(hall.Id, Stopwatch.GetTimestamp());
        _wake.Writer.TryWrite(true);
    }

    private void Note(CommitResult commit)
    {
        foreach (var windowId in commit.WindowIds)
        {
            if (directory.Current.Window(windowId) is { } window) _dirtyHalls.TryAdd(window.Hall.Id, Stopwatch.GetTimestamp());
        }
        _wake.Writer.TryWrite(true);
    }

    private async Task<bool> ReleaseAsync(CancellationToken ct)
    {
        var isDone = true;
        foreach (var hallId in _dirtyHalls.Keys)
        {
            if (!_dirtyHalls.TryRemove(hallId, out var since) || directory.Current.Hall(hallId) is not { } hall) continue;
            try
            {
                var isReleased = await releases.ReleaseAsync(hall, ct);
                _untold[hallId] = _untold.TryGetValue(hallId, out var waiting) ? (waiting.Since, waiting.IsReleased || isReleased) : (since, isReleased);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                Failed(hall, e);
                _dirtyHalls.TryAdd(hallId, since);
                isDone = false;
            }
        }
        return isDone;
    }

    private async Task<bool> TellAsync(CancellationToken ct)
    {
        var isDone = true;
        foreach (var (hallId, (since, isReleased)) in _untold.ToList())
        {
            if (directory.Current.Hall(hallId) is not { } hall)
            {
                _untold.Remove(hallId);
                continue;
            }
            try
            {
                var board = isReleased ? await reader.ReadAsync(hall, ct) : null;
                var count = board?.ReceivedToday ?? await reader.ReceivedTodayAsync(hall, ct);
                if (await PushAsync(hall, board, count, ct) is { } fault)
                {
                    // Whatever carries one hall's push carries all of them.
                    Failed(hall, fault);
                    return false;
                }
                _untold.Remove(hallId);
                metrics.Pushed(Stopwatch.GetElapsedTime(since));
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                Failed(hall, e);
                isDone = false;
            }
        }
        return isDone;
    }

    private async Task<Exception?> PushAsync(HallEntry hall, Board? board, int count, CancellationToken ct)
    {
        try
        {
            var group = screens.Clients.Group(BoardHub.GroupOf(hall.Code));
            if (board is not null) await group.Released(board);
            await group.Received(hall.Code, count);
            return null;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            return e;
        }
    }

    /// <summary>Told once, for a fault mostly is every hall's and lasts.</summary>
    private void Failed(HallEntry hall, Exception e)
    {
        if (!_isFailing) Log.Failed(logger, hall.Code, e);
        _isFailing = true;
    }

    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Error, "The board of {Hall} was not published; trying again")]
        public static partial void Failed(ILogger logger, string hall, Exception exception);

        [LoggerMessage(2002, LogLevel.Information, "Boards are published again")]
        public static partial void Recovered(ILogger logger);
    }
}
