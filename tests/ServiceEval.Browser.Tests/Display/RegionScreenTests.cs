using Microsoft.Playwright;

namespace ServiceEval.Browser.Tests.Display;

public sealed class RegionScreenTests(Chromium chromium)
{
    /// <summary>The time between two polls, with its largest random addition.</summary>
    private static readonly TimeSpan UntilPolled = TimeSpan.FromSeconds(37);

    private static readonly (string, string) EveryVote = ("ServiceEval:Boards:BatchSize", "1");

    public static TheoryData<string> Screens => [.. Devices.Keys];

    private static Dictionary<string, Device> Devices { get; } =
        ((Device[])[Device.Screen, Device.UprightScreen]).ToDictionary(d => d.Name);

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task The_screen_of_a_county_shows_its_hall_and_its_20_townships(string device)
    {
        await using var host = await TestHost.StartAsync(EveryVote);
        await SampleRegions.AddAsync(host);
        foreach (var code in (await host.WindowCodesAsync(History.LargeHall)).Take(3))
            await host.RateAsync(windowCode: code);
        var page = await chromium.OpenAsync(host, Devices[device]);

        var screen = await HallScreen.OpenAsync(page, SampleRegions.County);

        await Assertions.Expect(screen.HallCount).ToHaveTextAsync("22");
        await Assertions.Expect(screen.Tile(History.LargeHall)).ToContainTextAsync("县政务大厅");
        await Assertions.Expect(screen.Tiles.First).ToHaveAttributeAsync("data-testid", $"tile-{History.LargeHall}");
        await Assertions.Expect(page.GetByText("评价较少").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByTestId("qr")).ToHaveCountAsync(0);
        if (device == Device.Screen.Name)
            await Assertions.Expect(screen.Tiles).ToHaveCountAsync(21);
        await AssertWholeAsync(page, Devices[device], $"{device}-region-21-tiles");
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_region_with_three_halls_fills_the_screen(string device)
    {
        await using var host = await TestHost.StartAsync();
        await SampleRegions.AddAsync(host);
        await SampleRegions.GatherThreeHallsAsync(host);
        var page = await chromium.OpenAsync(host, Devices[device]);

        var screen = await HallScreen.OpenAsync(page, SampleRegions.ThreeHalls);

        await Assertions.Expect(screen.Tiles).ToHaveCountAsync(3);
        await Assertions.Expect(page.GetByText("各大厅好评率")).ToBeVisibleAsync();
        await AssertWholeAsync(page, Devices[device], $"{device}-region-3-tiles");
    }

    [Fact]
    public async Task A_township_with_one_hall_leaves_no_hole()
    {
        await using var host = await TestHost.StartAsync();
        await SampleRegions.AddAsync(host);
        var page = await chromium.OpenAsync(host, Device.Screen);

        var screen = await HallScreen.OpenAsync(page, SampleRegions.OneHall);

        await Assertions.Expect(screen.Tiles).ToHaveCountAsync(1);
        await AssertWholeAsync(page, Device.Screen, "screen-region-1-tile");
        var below = await page.EvaluateAsync<double>(
            "() => document.querySelector('.tiles ul').getBoundingClientRect().bottom - document.querySelector('.tile').getBoundingClientRect().bottom"
        );
        Assert.InRange(below, -1, 1);
    }

    [Fact]
    public async Task A_regions_screen_polls_without_the_hub_and_is_offline_only_without_an_answer()
    {
        await using var host = await TestHost.StartAsync(EveryVote);
        var page = await chromium.OpenAsync(host, Device.Screen);
        var sockets = new List<string>();
        var answers = new List<int>();
        page.WebSocket += (_, socket) => sockets.Add(socket.Url);
        page.Response += (_, response) =>
        {
            if (response.Url.EndsWith("/board", StringComparison.Ordinal))
                answers.Add(response.Status);
        };
        await page.Clock.InstallAsync(new() { TimeDate = TestHost.Start.UtcDateTime });
        var screen = await HallScreen.OpenAsync(page, SampleRegions.County);
        await Assertions.Expect(screen.ReceivedToday).ToHaveTextAsync("0");

        await PassAsync(host, page, UntilPolled);
        await host.RateAsync();
        await PassAsync(host, page, UntilPolled);
        await Assertions.Expect(screen.ReceivedToday).ToHaveTextAsync("1");
        await screen.IsConnectedAsync();
        Assert.Empty(sockets);
        Assert.Contains(304, answers);

        await host.StopAsync();
        await PassAsync(host, page, TimeSpan.FromMinutes(5));
        await Assertions.Expect(screen.Connection).ToHaveAttributeAsync("data-state", "offline");
        await Assertions.Expect(screen.Foot).ToHaveClassAsync("stale");

        await host.RestartAsync();
        await PassAsync(host, page, UntilPolled);
        await screen.IsConnectedAsync();
    }

    [Fact]
    public async Task A_screen_of_an_unknown_region_says_what_to_check()
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.Screen);

        await page.GotoAsync("/display/410928999000");

        await Assertions.Expect(new HallScreen(page).Notice).ToContainTextAsync("没有找到编码为“410928999000”的区划");
        Assert.Empty(await Layout.OffScreenAsync(page));
    }

    private static async Task AssertWholeAsync(IPage page, Device device, string picture)
    {
        await page.EvaluateAsync("() => document.fonts.ready");
        await Legible.AssertWholeAsync(page, device, picture);
    }

    private static Task PassAsync(TestHost host, IPage page, TimeSpan time)
    {
        host.Clock.Advance(time);
        return page.Clock.FastForwardAsync((long)time.TotalMilliseconds);
    }
}
