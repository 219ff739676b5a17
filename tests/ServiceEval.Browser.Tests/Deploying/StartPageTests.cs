using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ServiceEval.Browser.Tests.Display;

namespace ServiceEval.Browser.Tests.Deploying;

/// <summary>
/// The page that the PC of a screen opens when it is switched on. It comes from the PC's disk, before the network or
/// the server is available.
/// </summary>
public sealed class StartPageTests(Chromium chromium)
{
    private static string StartPage { get; } =
        new Uri(Path.Combine(Tools.Root, "deploy", "screen", "start.html")).AbsoluteUri;

    [Fact]
    public async Task It_waits_for_the_server_goes_to_the_screen_and_the_screen_outlives_the_server()
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.Screen);
        await host.StopAsync();

        await page.GotoAsync(Address(host));
        await Assertions.Expect(Sentence(page)).ToHaveTextAsync("服务器还没有连上");
        await Assertions.Expect(page.GetByTestId("cure")).ToContainTextAsync("已试2次");
        await AssertWholeAsync(page, "start-page-waiting");

        await host.RestartAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(host.Address, "display/example?night=on").AbsoluteUri);
        var screen = new HallScreen(page);
        await screen.IsConnectedAsync();

        await host.StopAsync();
        await Assertions.Expect(screen.Connection).Not.ToHaveAttributeAsync("data-state", "connected");
        await host.RestartAsync();
        await screen.IsConnectedAsync();
    }

    [Fact]
    public async Task A_page_opened_again_while_the_server_is_down_waits_again()
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.Screen);
        await page.GotoAsync(Address(host));
        await new HallScreen(page).IsConnectedAsync();

        await host.StopAsync();
        await page.GotoAsync(Address(host));
        await Assertions.Expect(Sentence(page)).ToHaveTextAsync("服务器还没有连上");
        await host.RestartAsync();

        await new HallScreen(page).IsConnectedAsync();
    }

    [Fact]
    public async Task A_hall_that_the_server_does_not_know_is_named_and_asked_for_again()
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.Screen);

        await page.GotoAsync($"{StartPage}?server={host.Address}&hall=nowhere");

        await Assertions.Expect(Sentence(page)).ToHaveTextAsync("服务器已连上，还没有找到大厅");
        await Assertions.Expect(page.GetByTestId("cure")).ToContainTextAsync("“nowhere”");
        await Assertions.Expect(page.GetByTestId("cure")).ToContainTextAsync("已试2次");
        await AssertWholeAsync(page, "start-page-unknown-hall");
    }

    [Theory]
    [InlineData("", "请填写服务器和大厅")]
    [InlineData("?server=ftp://192.168.1.10&hall=example", "服务器网址不对，应以 http:// 或 https:// 开头")]
    public async Task Without_an_address_it_asks_for_one(string query, string sentence)
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.Screen);
        await page.GotoAsync(StartPage + query);
        await Assertions.Expect(Sentence(page)).ToHaveTextAsync(sentence);
        await AssertWholeAsync(page, $"start-page-asking-{query.Length}");

        await page.GetByLabel("服务器网址").FillAsync(host.Address.ToString());
        await page.GetByLabel("大厅编码").FillAsync(TestHost.Hall);
        await page.GetByRole(AriaRole.Button).ClickAsync();

        await new HallScreen(page).IsConnectedAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/display/example$"));
    }

    private static ILocator Sentence(IPage page) => page.GetByTestId("sentence");

    private static string Address(TestHost host) => $"{StartPage}?server={host.Address}&hall={TestHost.Hall}&night=on";

    private static async Task AssertWholeAsync(IPage page, string picture)
    {
        await Pictures.TakeAsync(page, picture);
        Assert.Empty(await Layout.OffScreenAsync(page));
        Assert.Empty(await Layout.CutOffAsync(page));
        Assert.Empty(await Layout.BadBreaksAsync(page));
        Assert.Empty(await Layout.SmallerThanAsync(page, 0.022 * Device.Screen.Height));
        Assert.Empty(await AccessibilityTests.BarriersAsync(page));
    }
}
