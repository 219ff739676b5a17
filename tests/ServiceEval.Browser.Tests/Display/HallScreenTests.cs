using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Browser.Tests.Display;

public sealed class HallScreenTests(Chromium chromium)
{
    private static readonly (string, string) EveryVote = ("ServiceEval:Boards:BatchSize", "1");
    private static readonly (string, string) SmallSample = ("ServiceEval:Boards:MinimumN", "5");

    public static TheoryData<string> Screens => [.. Devices.Keys];

    private static Dictionary<string, Device> Devices { get; } =
        ((Device[])[Device.Screen, Device.LargeScreen, Device.UprightScreen]).ToDictionary(d => d.Name);

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Everything_is_on_the_screen_and_large_enough_to_read(string device)
    {
        await using var host = await TestHost.StartAsync(EveryVote, SmallSample);
        await History.RateAsync(host, TestHost.Hall, each: 6);
        var page = await chromium.OpenAsync(host, Devices[device]);

        var screen = await HallScreen.OpenAsync(page);

        await AssertWholeAsync(page, screen, Devices[device], device);
        await Assertions
            .Expect(screen.Interval)
            .ToHaveTextAsync(new Regex(@"^根据84次评价，误差范围\d+\.\d%～\d+\.\d%$"));
        await Assertions.Expect(screen.Demo).ToHaveTextAsync("演示数据");
        await Assertions.Expect(screen.Clock).ToHaveTextAsync("10:00");
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_hall_of_36_windows_fits_too(string device)
    {
        await using var host = await TestHost.StartAsync(EveryVote, SmallSample);
        await History.SeedCountyAsync(host);
        await History.RateAsync(host, History.LargeHall, each: 1);
        var page = await chromium.OpenAsync(host, Devices[device]);

        var screen = await HallScreen.OpenAsync(page, History.LargeHall);

        await AssertWholeAsync(page, screen, Devices[device], $"{device}-36-windows");
    }

    /// <summary>
    /// Many windows must give several pages of readable tiles, not one page of tiles that are too small.
    /// </summary>
    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Sixty_windows_are_readable_from_the_same_distance_as_two(string device)
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Devices[device]);
        await MadeUpBoard.ServeAsync(page, windows: 60);

        await page.GotoAsync($"/display/{TestHost.Hall}");
        await Assertions.Expect(new HallScreen(page).Tile("1")).ToBeVisibleAsync();

        await Pictures.TakeAsync(page, $"{device}-60-windows");
        Assert.Empty(await Layout.OffScreenAsync(page));
        Assert.Empty(await Layout.CutOffAsync(page));
        await Legible.AssertReadableAsync(page, Devices[device]);
    }

    [Fact]
    public async Task A_low_rate_looks_low_and_no_name_breaks_inside_a_word()
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.Screen);
        await MadeUpBoard.ServeAsync(page, windows: 18);

        await page.GotoAsync($"/display/{TestHost.Hall}");
        var tile = new HallScreen(page).Tile(MadeUpBoard.LowWindow);

        await Assertions.Expect(tile).ToContainTextAsync("69.0%");
        await Assertions.Expect(tile.Locator(".scale .mark")).ToHaveAttributeAsync("x1", "69%");
        await Assertions.Expect(tile.Locator(".scale .interval")).ToHaveAttributeAsync("x1", "59%");
        Assert.DoesNotContain("身份<wbr>证", await tile.InnerHTMLAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Todays_count_never_fades_and_says_why_it_differs_from_the_released_count()
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.Screen);
        var screen = await HallScreen.OpenAsync(page);
        await WatchMovementAsync(page);

        await host.RateAsync(Grade.Satisfied);

        await Assertions.Expect(screen.ReceivedToday).ToHaveTextAsync("1");
        await Assertions.Expect(screen.ReceivedWhy).ToHaveTextAsync("各窗口满5次后公布");
        Assert.Empty(await MovementsAsync(page));

        for (var i = 0; i < 5; i++)
            await host.RateAsync(Grade.Satisfied);

        await Assertions
            .Expect(screen.ReceivedWhy)
            .ToHaveTextAsync(new Regex("^已公布[56]次，其余待各窗口满5次后公布$|^已全部公布$"));
    }

    [Fact]
    public async Task An_empty_board_says_that_nothing_is_known_yet_and_never_zero_percent()
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.Screen);

        var screen = await HallScreen.OpenAsync(page);

        await AssertWholeAsync(page, screen, Device.Screen, "screen-empty");
        await Assertions.Expect(screen.Rate).ToHaveTextAsync("–");
        await Assertions.Expect(page.GetByText("%")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_screen_moves_when_a_rating_arrives()
    {
        await using var host = await TestHost.StartAsync(EveryVote, SmallSample);
        var page = await chromium.OpenAsync(host, Device.Screen);
        var screen = await HallScreen.OpenAsync(page);
        await WatchMovementAsync(page);

        for (var i = 0; i < 5; i++)
            await host.RateAsync(Grade.Satisfied);

        await Assertions.Expect(screen.Rate).ToHaveTextAsync("100%");
        await Assertions.Expect(screen.ReceivedToday).ToHaveTextAsync("5");
        await Assertions.Expect(screen.Tile("1")).ToContainTextAsync("100%");
        var movements = await MovementsAsync(page);
        Assert.NotEmpty(movements);
        Assert.All(movements, milliseconds => Assert.InRange(milliseconds, 1, 400));
    }

    [Fact]
    public async Task Nothing_moves_where_people_asked_for_calm()
    {
        await using var host = await TestHost.StartAsync(EveryVote, SmallSample);
        var page = await chromium.OpenAsync(host, Device.Screen with { ReducedMotion = true });
        var screen = await HallScreen.OpenAsync(page);
        await WatchMovementAsync(page);

        for (var i = 0; i < 5; i++)
            await host.RateAsync(Grade.Satisfied);

        await Assertions.Expect(screen.Rate).ToHaveTextAsync("100%");
        Assert.Empty(await MovementsAsync(page));
    }

    [Fact]
    public async Task After_a_restart_of_the_server_the_screen_connects_again_and_shows_what_is_new()
    {
        await using var host = await TestHost.StartAsync(EveryVote);
        await host.RateAsync();
        var page = await chromium.OpenAsync(host, Device.Screen);
        var screen = await HallScreen.OpenAsync(page);
        await screen.ShowsVersionAsync(1);

        await host.StopAsync();
        await Assertions.Expect(screen.Connection).Not.ToHaveAttributeAsync("data-state", "connected");
        await host.RestartAsync();
        await host.RateAsync();

        await screen.ShowsVersionAsync(2);
        await screen.IsConnectedAsync();
        await Assertions.Expect(screen.ReceivedToday).ToHaveTextAsync("2");
    }

    [Fact]
    public async Task An_hour_offline_shows_of_what_time_the_data_are_and_the_screen_recovers_by_itself()
    {
        await using var host = await TestHost.StartAsync(EveryVote);
        await host.RateAsync();
        var page = await chromium.OpenAsync(host, Device.Screen);
        await page.Clock.InstallAsync(new() { TimeDate = TestHost.Start.UtcDateTime });
        var screen = await HallScreen.OpenAsync(page);
        await screen.ShowsVersionAsync(1);

        await host.StopAsync();
        await PassAsync(host, page, TimeSpan.FromHours(1));

        await Assertions.Expect(screen.Connection).ToHaveAttributeAsync("data-state", "offline");
        await Assertions.Expect(screen.Connection).ToContainTextAsync("连接中断，显示的是10:00的数据");
        await Assertions.Expect(screen.Foot).ToHaveClassAsync("stale");
        await Assertions.Expect(screen.Age).ToBeEmptyAsync();
        await Pictures.TakeAsync(page, "screen-offline");
        Assert.Empty(await Layout.OffScreenAsync(page));

        await host.RestartAsync();
        await host.RateAsync();
        await screen.ShowsVersionAsync(2);
        await screen.IsConnectedAsync();
        await Assertions.Expect(screen.Clock).ToHaveTextAsync("11:00");
    }

    [Fact]
    public async Task An_hour_without_a_rating_does_not_look_like_an_hour_offline()
    {
        await using var host = await TestHost.StartAsync(EveryVote);
        await host.RateAsync();
        var page = await chromium.OpenAsync(host, Device.Screen);
        await page.Clock.InstallAsync(new() { TimeDate = TestHost.Start.UtcDateTime });
        var screen = await HallScreen.OpenAsync(page);

        await PassAsync(host, page, TimeSpan.FromHours(1));

        await Assertions.Expect(screen.Clock).ToHaveTextAsync("11:00");
        await Assertions.Expect(screen.Age).ToHaveTextAsync("数据更新于10:00，之后没有新公布");
        await screen.IsConnectedAsync();
        await Pictures.TakeAsync(page, "screen-no-news");
    }

    [Fact]
    public async Task A_screen_that_was_never_connected_does_not_speak_of_connecting_again()
    {
        await using var host = await TestHost.StartAsync(EveryVote);
        await host.RateAsync();
        var page = await chromium.OpenAsync(host, Device.Screen);
        // The web socket opens and never answers.
        await page.RouteWebSocketAsync("**/hubs/board", _ => { });
        await page.GotoAsync($"/display/{TestHost.Hall}");
        var screen = new HallScreen(page);

        await screen.ShowsVersionAsync(1);
        await Assertions.Expect(screen.Connection).ToHaveTextAsync("正在连接");
        await Assertions
            .Expect(screen.Connection)
            .ToHaveTextAsync("实时连接恢复中，数据每5秒核对", new() { Timeout = 20_000 });
    }

    [Fact]
    public async Task A_screen_of_an_unknown_hall_says_what_to_check()
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.Screen);
        await page.GotoAsync("/display/nowhere");

        await Assertions.Expect(page.GetByTestId("notice")).ToContainTextAsync("没有找到编码为“nowhere”的大厅");
        await Pictures.TakeAsync(page, "screen-unknown-hall");
        Assert.Empty(await Layout.OffScreenAsync(page));
    }

    private static async Task AssertWholeAsync(IPage page, HallScreen screen, Device device, string picture)
    {
        await screen.IsPaintedAsync();
        await Legible.AssertWholeAsync(page, device, picture);
    }

    private static Task PassAsync(TestHost host, IPage page, TimeSpan time)
    {
        host.Clock.Advance(time);
        return page.Clock.FastForwardAsync((long)time.TotalMilliseconds);
    }

    /// <summary>Records the intended duration of each animation from now on.</summary>
    private static Task WatchMovementAsync(IPage page) =>
        page.EvaluateAsync(
            """
            () => {
              window.movements = [];
              const animate = Element.prototype.animate;
              Element.prototype.animate = function (frames, options) {
                window.movements.push(options.duration);
                return animate.call(this, frames, options);
              };
              addEventListener('transitionrun', event => window.movements.push(parseFloat(getComputedStyle(event.target).transitionDuration) * 1000));
            }
            """
        );

    private static Task<double[]> MovementsAsync(IPage page) => page.EvaluateAsync<double[]>("() => window.movements");
}
