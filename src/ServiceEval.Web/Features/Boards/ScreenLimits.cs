using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using ServiceEval.Web.Http.Network;

namespace ServiceEval.Web.Features.Boards;

/// <summary>
/// The limits of one connection and of one network on the hub. A screen makes one call when it connects. If a
/// connection sends faster than allowed, each of its messages waits. After a minute of waiting, the connection is
/// closed.
/// </summary>
/// <remarks>
/// Messages are counted where they arrive. A SignalR filter sees only the calls that can be made. SignalR itself
/// answers unknown methods and wrong arguments, and it handles pings and stream items itself.
/// </remarks>
internal sealed class ScreenLimits(IOptions<ConnectionLimits> limits, FloodFuse fuse) : IHubFilter
{
    /// <summary>
    /// The size of the token bucket. A page with a wall of screens watches all halls of a county at once.
    /// </summary>
    private const int MessagesAtOnce = 30;
    private const int MostWaits = 120;
    private const string TooMany = "请求过于频繁，请一分钟后再试。";
    private static readonly TimeSpan EachMessage = TimeSpan.FromSeconds(0.5);

    private readonly Lock _lock = new();
    private readonly NetworkCounts _byNetwork = new(limits.Value.ScreensOfOneAddress, limits.Value.Screens);
    private int _screens;

    /// <summary>
    /// The clock of the limits. Real networks need real time, so this is the system clock even if a test replaces the
    /// clock.
    /// </summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Runs every connection to the hub through the limits.</summary>
    public async Task HoldAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var screen = new Screen(connection.GetHttpContext());
        // The connection ends when this method returns.
        if (!TryEnter(screen))
            return;
        connection.Features.Set(screen);
        connection.Transport = new ScreenPipe(connection.Transport, message => AdmitAsync(message, screen, connection));
        try
        {
            await next(connection);
        }
        finally
        {
            Leave(screen);
        }
    }

    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext call,
        Func<HubInvocationContext, ValueTask<object?>> next
    ) => call.Context.Features.Get<Screen>()?.IsRefused == true ? throw new HubException(TooMany) : await next(call);

    private async ValueTask AdmitAsync(ReadOnlySequence<byte> message, Screen screen, ConnectionContext connection)
    {
        // The handshake belongs to the request that opened the connection. The flood fuse has counted that request.
        if (!screen.IsOpened)
        {
            screen.IsOpened = true;
            return;
        }
        // Pings do not count, because the screens behind one address ping more often than the flood fuse allows
        // requests.
        screen.IsRefused = !IsPing(message) && !TryPass(screen);
        var wait = screen.WaitForMessage(Time);
        if (wait <= TimeSpan.Zero)
            return;
        if (screen.Waits > MostWaits)
            connection.Abort();
        await Task.Delay(wait, Time, connection.ConnectionClosed);
    }

    private static bool IsPing(ReadOnlySequence<byte> message)
    {
        var ping = "{\"type\":6}\u001e"u8;
        return message.Length == ping.Length && message.ToArray().AsSpan().SequenceEqual(ping);
    }

    private bool TryPass(Screen screen) => screen.Http is not { } http || fuse.Admits(http);

    private bool TryEnter(Screen screen)
    {
        lock (_lock)
        {
            if (_screens >= limits.Value.Screens || _byNetwork.FullFor(screen.Client) is not null)
                return false;
            _byNetwork.Add(screen.Client);
            _screens++;
        }
        screen.Connection?.AddScreen();
        return true;
    }

    private void Leave(Screen screen)
    {
        screen.Connection?.RemoveScreen();
        lock (_lock)
        {
            _screens--;
            _byNetwork.Remove(screen.Client);
        }
    }

    /// <summary>One connection to the hub. Its messages arrive one after another.</summary>
    private sealed class Screen(HttpContext? http)
    {
        /// <summary>
        /// The time up to which the messages so far have used the rate limit. While the token bucket holds tokens, this
        /// time is in the past.
        /// </summary>
        private long _paid = long.MinValue;

        public HttpContext? Http => http;
        public ClientNetwork? Client { get; } = http is null ? null : ClientAddress.Of(http);
        public OpenConnection? Connection { get; } = http?.Features.Get<OpenConnection>();
        public bool IsOpened { get; set; }

        /// <summary>Whether the flood fuse refused the message that is being passed on.</summary>
        public bool IsRefused { get; set; }

        /// <summary>The number of messages in a row that had to wait.</summary>
        public int Waits { get; private set; }

        /// <summary>
        /// Takes one token for the next message. Returns how long the message must wait. The token bucket holds thirty
        /// tokens.
        /// </summary>
        public TimeSpan WaitForMessage(TimeProvider time)
        {
            var now = time.GetTimestamp();
            var each = (long)(EachMessage.TotalSeconds * time.TimestampFrequency);
            _paid = Math.Max(_paid, now - MessagesAtOnce * each) + each;
            var wait = _paid <= now ? TimeSpan.Zero : time.GetElapsedTime(now, _paid);
            Waits = wait > TimeSpan.Zero ? Waits + 1 : 0;
            return wait;
        }
    }
}
