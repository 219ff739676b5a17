using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using ServiceEval.Browser.Tests.Reports;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Browser.Tests;

public sealed class AccessibilityTests(Chromium chromium)
{
    [Theory]
    [InlineData("")]
    [InlineData("?view=elder")]
    [InlineData("?lang=en")]
    public async Task Citizens_pages_have_no_serious_barrier(string query)
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.Phone);
        var rate = await Citizens.RatePage.OpenAsync(page, host, query);
        var code = new Uri(page.Url).AbsolutePath;
        await AssertOpenToAllAsync(page, query);
        await rate.TapAsync(Grade.Dissatisfied);
        foreach (var summary in await page.Locator("summary").AllAsync())
            await summary.ClickAsync();
        await AssertOpenToAllAsync(page, query);
        await page.GotoAsync(code + query);
        foreach (var summary in await page.Locator("summary").AllAsync())
            await summary.ClickAsync();
        await AssertOpenToAllAsync(page, query);

        foreach (
            var (path, name) in ((string, string)[])
                [
                    ("/h/example", "hall"),
                    ("/r", "receipt"),
                    ("/r/0000000000000000", "receipt-unknown"),
                    ("/privacy", "privacy"),
                    ("/w/nowhere", "unknown-window"),
                ]
        )
        {
            await page.GotoAsync(path + query);
            await Pictures.TakeAsync(page, name + Pictures.Suffix(query));
            await AssertOpenToAllAsync(page, query);
            Assert.Empty(await Layout.CutOffAsync(page));
            if (!query.Contains("lang=en", StringComparison.Ordinal))
                Assert.Empty(await Layout.BadBreaksAsync(page));
        }
    }

    [Fact]
    public async Task What_is_printed_shown_and_reported_has_no_serious_barrier()
    {
        await using var host = await TestHost.StartAsync();
        var report = await Report.OfARatedWeekAsync(host);
        var page = await chromium.OpenAsync(host, Device.Desk);
        foreach (
            var path in (string[])
                [
                    $"/w/{(await host.WindowCodesAsync())[0]}/sheet",
                    "/h/example/sheets",
                    "/",
                    "/display/example",
                    "/display/nowhere",
                    "/reports",
                    report,
                ]
        )
        {
            await page.GotoAsync(path);
            if (path.StartsWith("/display", StringComparison.Ordinal))
                await Assertions
                    .Expect(page.GetByTestId("connection"))
                    .ToHaveTextAsync(new Regex("连接正常|服务器有回应"));
            await AssertOpenToAllAsync(page, "");
        }
    }

    private static async Task AssertOpenToAllAsync(IPage page, string query) =>
        Assert.Empty(await BarriersAsync(page, enhanced: query.Contains("view=elder", StringComparison.Ordinal)));

    /// <param name="enhanced">Also checks the enhanced contrast, which the elders' view must have.</param>
    internal static async Task<IEnumerable<string>> BarriersAsync(IPage page, bool enhanced = false)
    {
        var result = await page.RunAxe(
            new AxeRunOptions
            {
                ResultTypes = [ResultType.Violations],
                Rules = enhanced ? new() { ["color-contrast-enhanced"] = new() { Enabled = true } } : null,
            }
        );
        return result
            .Violations.Where(v => v.Impact is "serious" or "critical")
            .SelectMany(v =>
                v.Nodes.Select(n => $"{page.Url}: {v.Id}: {n.Html} {string.Join(' ', n.Any.Select(c => c.Message))}")
            );
    }
}
