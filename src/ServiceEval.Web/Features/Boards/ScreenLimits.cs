using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using ServiceEval.Web.Hosting.Network;

namespace ServiceEval.Web.Features.Boards;

/// <summary>
/// What one connection and one address may ask of the hub. A screen calls once when it connects. A connection that calls faster
/// waits for each answer. After a minute of that it is closed.
/// </summary>
internal sealed class ScreenLimits(IOptions<ConnectionLimits> limits, IOptions<RateLimiterOptions> fuse) : IHubFilter
{
    /// <summary>A wall of screens in one page watches every hall of a county at once.</summary>
    private const int CallsAtOnce = 30;
    private const int MostWaits = 120;
    private const string TooMany = "请求过于频繁，请一分钟后再试。";
    private static readonly TimeSpan EachCall = TimeSpan.FromSeconds(0.5);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private int _screens;

    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        var screen = new Screen(context.Context.GetHttpContext());
        if (!TryEnter(screen))
        {
            context.Context.Abort();
            return;
        }
        context.Context.Items[typeof(Screen)] = screen;
        await next(context);
    }

    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        // One that never came in leaves nothing.
        if (!context.Context.Items.TryGetValue(typeof(Screen), out var screen)) return;
        Leave((Screen)screen!);
        await next(context, exception);
    }

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext call, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        // A call that was under way when the connection was refused.
        if (!call.Context.Items.TryGetValue(typeof(Screen), out var entered)) throw new HubException(TooMany);
        var screen = (Screen)entered!;
        if (screen.Http is { } http && fuse.Value.GlobalLimiter is { } limiter)
        {
            using var lease = limiter.AttemptAcquire(http);
            if (!lease.IsAcquired) throw new HubException(TooMany);
        }
        var wait = screen.WaitForCall();
        if (wait > TimeSpan.Zero)
        {
            if (screen.Waits > MostWaits) call.Context.Abort();
            await Task.Delay(wait, TimeProvider.System, call.Context.ConnectionAborted);
        }
        return await next(call);
    }

    private bool TryEnter(Screen screen)
    {
        lock (_lock)
        {
            if (_screens >= limits.Value.Screens) return false;
            if (screen.Address is { } address)
            {
                var here = _byAddress.GetValueOrDefault(address);
                if (here >= limits.Value.ScreensOfOneAddress) return false;
                _byAddress[address] = here + 1;
            }
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
            if (screen.Address is not { } address) return;
            if (_byAddress[address] == 1) _byAddress.Remove(address);
            else _byAddress[address]--;
        }
    }

    /// <summary>One connection to the hub. Its calls come one after another.</summary>
    private sealed class Screen(HttpContext? http)
    {
        /// <summary>When the calls so far are paid for. It lies behind by what the store still holds.</summary>
        private long _paid = long.MinValue;

        public HttpContext? Http => http;
        public IPAddress? Address { get; } = http is null ? null : ClientAddress.Of(http);
        public OpenConnection? Connection { get; } = http?.Features.Get<OpenConnection>();

        /// <summary>Calls in a row that had to wait.</summary>
        public int Waits { get; private set; }

        /// <summary>Books the next call: each takes its time out of a store that holds the time of thirty.</summary>
        public TimeSpan WaitForCall()
        {
            var now = Stopwatch.GetTimestamp();
            var each = (long)(EachCall.TotalSeconds * Stopwatch.Frequency);
            _paid = Math.Max(_paid, now - CallsAtOnce * each) + each;
            var wait = _paid <= now ? TimeSpan.Zero : Stopwatch.GetElapsedTime(now, _paid);
            Waits = wait > TimeSpan.Zero ? Waits + 1 : 0;
            return wait;
        }
    }
}
