using ServiceEval.Web.Features.Boards;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Tests.Boards;

/// <summary>Events in one hall must not affect the board of another hall.</summary>
public sealed class OtherHallsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Screens_that_take_no_push_hold_up_neither_another_hall_nor_their_own()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:Boards:BatchSize", "1"));
        await SecondHall.AddAsync(host);
        // The screens of the first hall never take a push. The screens of the other halls take it at once.
        var (stuck, never) = (BoardHub.GroupOf(TestHost.Hall), new TaskCompletionSource().Task);
        var screens = new FakeScreens(group => group == stuck ? never : Task.CompletedTask);
        using var publisher = screens.PublisherOf(host);
        await publisher.StartAsync(Ct);

        await host.RateAsync();
        await screens.CountedAsync(TestHost.Hall, 1);
        await host.RateAsync(windowCode: SecondHall.Window);
        await screens.CountedAsync(SecondHall.Hall, 1);
        await host.RateAsync();
        await screens.CountedAsync(TestHost.Hall, 2);

        await publisher.StopAsync(Ct);
    }

    [Fact]
    public async Task A_renamed_window_makes_a_release_of_its_own_hall_only()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:Boards:BatchSize", "1"));
        await SecondHall.AddAsync(host);
        await host.RateAsync();
        await host.RateAsync(windowCode: SecondHall.Window);
        await Screen.AskAsync(host.Client, board => board.Version == 1);
        await Screen.AskAsync(host.Client, board => board.Version == 1, SecondHall.Hall);

        await SecondHall.ChangeAsync(host, $"UPDATE Windows SET Name = '社会保险' WHERE Code = '{SecondHall.Window}'");
        var renamed = await Screen.AskAsync(host.Client, board => board.Version == 2, SecondHall.Hall);

        Assert.Equal("社会保险", renamed.Windows.Single().Name);
        Assert.False(
            await host.Part<BoardReleases>().ReleaseAsync(host.Part<HallDirectory>().Current.Hall(TestHost.Hall)!, Ct)
        );
    }

    [Fact]
    public async Task A_board_is_put_together_once_a_release()
    {
        await using var host = await TestHost.StartAsync();
        var first = await Screen.AskAsync(host.Client, board => board.Version == 0);
        await host.QueryAsync("ALTER TABLE ReleasedDays RENAME TO Lost");

        await host.RateAsync();
        var second = await Screen.AskAsync(host.Client, board => board.ReceivedToday == 1);

        Assert.Equal(
            System.Text.Json.JsonSerializer.Serialize(first with { ReceivedToday = 1 }),
            System.Text.Json.JsonSerializer.Serialize(second)
        );
    }
}
