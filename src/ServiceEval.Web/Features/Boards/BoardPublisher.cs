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

    // Released, but the push did not get through; of the one loop alone.
    private readonly HashSet<int> _untold = [];
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
            var published = true;
            foreach (var hallId in _dirtyHalls.Keys)
            {
                if (_dirtyHalls.TryRemove(hallId, out var since) && directory.Current.Hall(hallId) is { } hall) published &= await PublishAsync(hall, since, stoppingToken);
            }
            await Task.Delay(published ? Pace : PauseAfterFault, TimeProvider.System, stoppingToken);
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

    private async Task<bool> PublishAsync(HallEntry hall, long since, CancellationToken ct)
    {
        try
        {
            var group = screens.Clients.Group(BoardHub.GroupOf(hall.Code));
            if (await releases.ReleaseAsync(hall, ct)) _untold.Add(hall.Id);
            if (_untold.Contains(hall.Id))
            {
                var board = await reader.ReadAsync(hall, ct);
                await group.Released(board);
                await group.Received(hall.Code, board.ReceivedToday);
                _untold.Remove(hall.Id);
            }
            else
            {
                await group.Received(hall.Code, await reader.ReceivedTodayAsync(hall, ct));
            }
            metrics.Pushed(Stopwatch.GetElapsedTime(since));
            return true;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Log.Failed(logger, hall.Code, e);
            _dirtyHalls.TryAdd(hall.Id, since);
            _wake.Writer.TryWrite(true);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Error, "The board of {Hall} was not published; trying again")]
        public static partial void Failed(ILogger logger, string hall, Exception exception);
    }
}
