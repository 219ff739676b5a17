using ServiceEval.Web.Features.Boards;

namespace ServiceEval.Tests.Boards;

/// <summary>Redis takes a push and does not answer. The push fails seconds after its turn.</summary>
public sealed class LatePushTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1500)]
    // The push has its own time-out. It is not the turn's time-out.
    [InlineData(0)]
    public async Task A_push_that_fails_is_tried_again_in_the_halls_next_turn(int milliseconds)
    {
        await using var host = await TestHost.StartAsync();
        var pushes = 0;
        var again = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var screens = new FakeScreens(_ =>
        {
            if (Interlocked.Increment(ref pushes) == 1)
                return FailAsync(milliseconds);
            again.TrySetResult();
            return Task.CompletedTask;
        });
        using var publisher = screens.PublisherOf(host);
        // This is the hall's first push. No rating requests another one.
        await publisher.StartAsync(Ct);

        await again.Task.WaitAsync(Limit, Ct);
        await publisher.StopAsync(Ct);
    }

    [Fact]
    public async Task A_hall_whose_pushes_all_fail_late_is_given_up_and_begins_again_with_its_next_rating()
    {
        var turns = new HallTurns();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(Limit);
        await using var due = turns.ReadAllAsync(patience.Token).GetAsyncEnumerator(patience.Token);
        for (var rating = 0; rating < 2; rating++)
        {
            turns.Ask(7);
            for (var tries = 0; tries <= 5; tries++)
            {
                var next = due.MoveNextAsync();
                Assert.True(next.IsCompleted);
                Assert.True(await next);
                Assert.Equal(tries > 0, due.Current.IsReleased);
                turns.End(due.Current);
                turns.FailedLate(7, isReleased: true);
            }
        }
        turns.Ask(8);
        Assert.True(await due.MoveNextAsync());
        Assert.Equal(8, due.Current.HallId);
    }

    /// <summary>The next turn may be under way when the last push fails.</summary>
    [Fact]
    public async Task A_turn_under_way_is_followed_by_one_that_tells_of_the_release()
    {
        var turns = new HallTurns();
        await using var due = turns.ReadAllAsync(Ct).GetAsyncEnumerator(Ct);
        turns.Ask(7);
        Assert.True(await due.MoveNextAsync());

        turns.FailedLate(7, isReleased: true);
        due.Current.IsReleased = false;
        turns.End(due.Current);

        Assert.True(await due.MoveNextAsync());
        Assert.True(due.Current.IsReleased);
    }

    private static async Task FailAsync(int milliseconds)
    {
        await Task.Delay(milliseconds, Ct);
        throw new TimeoutException("As Redis says it.");
    }
}
