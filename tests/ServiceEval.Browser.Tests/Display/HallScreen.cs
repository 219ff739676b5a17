using Microsoft.Playwright;

namespace ServiceEval.Browser.Tests.Display;

/// <summary>The screen of a hall or region.</summary>
public sealed class HallScreen(IPage page)
{
    public ILocator Rate => page.GetByTestId("rate");
    public ILocator Interval => page.GetByTestId("interval");
    public ILocator ReceivedToday => page.GetByTestId("received-today");
    public ILocator ReceivedWhy => page.GetByTestId("received-why");
    public ILocator Connection => page.GetByTestId("connection");
    public ILocator Age => page.GetByTestId("age");
    public ILocator Foot => page.Locator("footer");
    public ILocator Demo => page.GetByTestId("demo");
    public ILocator Clock => page.GetByTestId("clock");
    public ILocator Notice => page.GetByTestId("notice");

    public ILocator HallCount => page.GetByTestId("hall-count");
    public ILocator Tiles => page.Locator(".tile");

    /// <param name="key">The number of a window, or the code of a place.</param>
    public ILocator Tile(string key) => page.GetByTestId($"tile-{key}");

    public static async Task<HallScreen> OpenAsync(IPage page, string hall = TestHost.Hall)
    {
        await page.GotoAsync($"/display/{hall}");
        var screen = new HallScreen(page);
        await screen.IsConnectedAsync();
        return screen;
    }

    public async Task IsConnectedAsync()
    {
        await Assertions.Expect(Connection).ToHaveAttributeAsync("data-state", "connected");
        await Assertions.Expect(Foot).Not.ToHaveClassAsync("stale");
    }

    public Task ShowsVersionAsync(int version) =>
        Assertions
            .Expect(page.Locator("html"))
            .ToHaveAttributeAsync("data-version", version.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Waits for the fonts and the script, so that the test measures what people see.</summary>
    public async Task IsPaintedAsync()
    {
        await page.EvaluateAsync("() => document.fonts.ready");
        await Assertions.Expect(page.GetByTestId("qr")).ToHaveJSPropertyAsync("complete", true);
    }
}
