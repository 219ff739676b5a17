using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace ServiceEval.Browser.Tests.Display;

/// <summary>
/// The hall's real board with the number of windows that a test wants. The hub stays silent, so the screen polls the
/// board.
/// </summary>
public static class MadeUpBoard
{
    /// <summary>The window has a good rate of 69 %. Its name has a word that ends in one character.</summary>
    public const string LowWindow = "3";

    public static async Task ServeAsync(IPage page, int windows)
    {
        await page.RouteWebSocketAsync("**/hubs/board", _ => { });
        await page.RouteAsync(
            "**/api/v1/halls/*/board",
            async route =>
            {
                var response = await route.FetchAsync();
                var board = JsonNode.Parse(await response.TextAsync())!;
                board["windows"] = new JsonArray([.. Enumerable.Range(1, windows).Select(Window)]);
                await route.FulfillAsync(new() { Response = response, Body = board.ToJsonString() });
            }
        );
    }

    private static JsonNode Window(int number) =>
        $"{number}" == LowWindow
            ? Window(number, "居民身份证办理服务窗口", n: 87, rate: 0.69, low: 0.59, high: 0.78)
            : Window(
                number,
                number % 4 == 0 ? "医疗保障经办服务窗口" : "综合服务窗口",
                n: 312,
                rate: 0.97,
                low: 0.944,
                high: 0.984
            );

    private static JsonNode Window(int number, string name, int n, double rate, double low, double high) =>
        new JsonObject
        {
            ["number"] = $"{number}",
            ["name"] = name,
            ["n"] = n,
            ["good"] = (int)Math.Round(n * rate),
            ["rate"] = rate,
            ["low"] = low,
            ["high"] = high,
        };
}
