using System.Diagnostics;
using Microsoft.AspNetCore.SignalR.Client;

namespace ServiceEval.Tests.Boards;

public sealed class ScreenLimitsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_screen_that_makes_too_many_calls_waits_for_each_answer()
    {
        await using var host = await TestHost.StartAsync();
        await using var connection = await ConnectAsync(host, null);
        var start = Stopwatch.GetTimestamp();

        await Task.WhenAll(
            Enumerable.Range(0, 34).Select(_ => connection.InvokeAsync<object>("Watch", TestHost.Hall, Ct))
        );

        // These are four calls more than the limit of calls at once. They take at least this time even on a fast
        // machine.
        Assert.True(Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(1.9));
    }

    [Fact]
    public async Task An_address_has_a_share_of_screens_and_what_leaves_makes_room()
    {
        await using var host = await TestHost.StartAsync(
            ("ServiceEval:Connections:ScreensOfOneAddress", "2"),
            ("ServiceEval:KnownProxies:0", "127.0.0.1")
        );
        await using var first = await ConnectAsync(host, "203.0.113.7");
        await using var second = await ConnectAsync(host, "203.0.113.7");
        await first.InvokeAsync<object>("Watch", TestHost.Hall, Ct);
        await second.InvokeAsync<object>("Watch", TestHost.Hall, Ct);

        await Assert.ThrowsAnyAsync<Exception>(() => WatchAsync("203.0.113.7"));
        await WatchAsync("203.0.113.8");
        await WatchAsync(null);

        await second.StopAsync(Ct);
        await UntilAsync(() => WatchAsync("203.0.113.7"));

        async Task WatchAsync(string? address)
        {
            await using var screen = await ConnectAsync(host, address);
            await screen.InvokeAsync<object>("Watch", TestHost.Hall, Ct);
        }
    }

    [Fact]
    public async Task A_site_of_IPv6_leaves_screens_to_others()
    {
        await using var host = await TestHost.StartAsync(
            ("ServiceEval:Connections:Most", "16"),
            ("ServiceEval:Connections:ScreensOfOneAddress", "2"),
            ("ServiceEval:KnownProxies:0", "127.0.0.1")
        );
        // These are half of the eight screens that may be connected at the same time. Each screen is in its own
        // network.
        var stranger = new List<RawScreen>();
        foreach (var network in (string[])["", "1:", "2:", "3:"])
            stranger.Add(await RawScreen.ConnectAsync(host, $"2001:db8:1:{network}:1"));

        await Assert.ThrowsAnyAsync<Exception>(() => RawScreen.ConnectAsync(host, "2001:db8:1:4::1"));

        await using var other = await RawScreen.ConnectAsync(host, "2001:db8:2::1");
        foreach (var screen in stranger)
            await screen.DisposeAsync();
    }

    [Fact]
    public async Task Calls_count_against_the_fuse()
    {
        await using var host = await TestHost.StartAsync(
            ("ServiceEval:FloodFuse", "5"),
            ("ServiceEval:KnownProxies:0", "127.0.0.1")
        );
        // The negotiation and the connection are two requests.
        await using var connection = await ConnectAsync(host, "203.0.113.7");
        for (var i = 0; i < 3; i++)
            await connection.InvokeAsync<object>("Watch", TestHost.Hall, Ct);

        var refused = await Assert.ThrowsAsync<Microsoft.AspNetCore.SignalR.HubException>(() =>
            connection.InvokeAsync<object>("Watch", TestHost.Hall, Ct)
        );

        Assert.Contains("请求过于频繁", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<HubConnection> ConnectAsync(TestHost host, string? address)
    {
        var connection = new HubConnectionBuilder()
            .WithUrl(
                new Uri(host.Address, "/hubs/board"),
                options =>
                {
                    if (address is not null)
                        options.Headers["X-Forwarded-For"] = address;
                }
            )
            .Build();
        await connection.StartAsync(Ct);
        return connection;
    }

    /// <summary>Retries, because the server learns of a closed connection a little later than the client.</summary>
    private static async Task UntilAsync(Func<Task> attempt)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                await attempt();
                return;
            }
            catch (Exception) when (!patience.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
            }
        }
    }
}
