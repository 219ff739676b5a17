using ServiceEval.TestDatabases;
using ServiceEval.Tests.Boards;

namespace ServiceEval.Tests.Hosting.Nodes;

/// <summary>Redis may stop and start again. Ratings do not need Redis, and screens poll in the meantime.</summary>
public sealed class BackplaneTests
{
    [Fact]
    public async Task While_redis_is_away_screens_can_ask_and_once_it_is_back_they_are_told()
    {
        await using var redis = await RedisServer.StartAsync();
        await redis.StopAsync();
        await using var host = await TestHost.StartAsync(
            ("ServiceEval:Redis", redis.ConnectionString),
            ("ServiceEval:Boards:BatchSize", "1")
        );
        await host.RateAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => Screen.WatchAsync(host));
        await Screen.AskAsync(host.Client, board => board.N == 1);

        await redis.ResumeAsync();
        await using var screen = await WatchOnceThereAsync(host);
        await host.RateAsync();
        await screen.ReleasedAsync(board => board.N == 2);

        // A failed push is repeated, even if no rating follows.
        await redis.StopAsync();
        await host.RateAsync();
        await Screen.AskAsync(host.Client, board => board.N == 3);
        await redis.ResumeAsync();
        await screen.ReleasedAsync(board => board.N == 3);
    }

    /// <summary>Connects again and again, as a screen does.</summary>
    private static async Task<Screen> WatchOnceThereAsync(TestHost host)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                return await Screen.WatchAsync(host);
            }
            catch (Exception) when (!patience.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
            }
        }
    }
}
