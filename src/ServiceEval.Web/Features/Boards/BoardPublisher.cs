using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Web.Features.Boards;

/// <summary>After commits: releases what has become full and tells the halls' screens. It must not die, so it goes on after any fault.</summary>
internal sealed partial class BoardPublisher(
    RatingLog log, HallDirectory directory, BoardReleases releases, BoardReader reader, IHubContext<BoardHub, IBoardClient> screens,
    ILogger<BoardPublisher> logger) : BackgroundService
{
    // At most ten releases a second a hall. It paces real work, so it runs on the real clock also where time is faked.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<int, bool> _dirtyHalls = new();
    private readonly System.Threading.Channels.Channel<bool> _wake = System.Threading.Channels.Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // What filled up before a restart waits for nobody.
        foreach (var hall in directory.Current.Halls) _dirtyHalls.TryAdd(hall.Id, true);
        _wake.Writer.TryWrite(true);
        log.Committed += Note;
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        log.Committed -= Note;
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await _wake.Reader.ReadAsync(stoppingToken);
            foreach (var hallId in _dirtyHalls.Keys)
            {
                if (_dirtyHalls.TryRemove(hallId, out _) && directory.Current.Hall(hallId) is { } hall) await PublishAsync(hall, stoppingToken);
            }
            await Task.Delay(Pace, TimeProvider.System, stoppingToken);
        }
    }

    private void Note(CommitResult commit)
    {
        foreach (var windowId in commit.WindowIds)
        {
            if (directory.Current.Window(windowId) is { } window) _dirtyHalls.TryAdd(window.Hall.Id, true);
        }
        _wake.Writer.TryWrite(true);
    }

    private async Task PublishAsync(HallEntry hall, CancellationToken ct)
    {
        try
        {
            var group = screens.Clients.Group(BoardHub.GroupOf(hall.Code));
            if (await releases.ReleaseAsync(hall, ct)) await group.Released(await reader.ReadAsync(hall, ct));
            await group.Received(hall.Code, await reader.ReceivedTodayAsync(hall, ct));
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Log.Failed(logger, hall.Code, e);
            _dirtyHalls.TryAdd(hall.Id, true);
            _wake.Writer.TryWrite(true);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Error, "The board of {Hall} was not published; trying again")]
        public static partial void Failed(ILogger logger, string hall, Exception exception);
    }
}
