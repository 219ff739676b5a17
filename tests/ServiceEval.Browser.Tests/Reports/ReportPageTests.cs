using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ServiceEval.Tests.Reports;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Browser.Tests.Reports;

/// <summary>
/// Tests the page of a report with the largest possible content, of an empty report, of a hall's report, and of a
/// second version.
/// </summary>
public sealed partial class ReportPageTests(Chromium chromium)
{
    private static readonly Dictionary<string, WeeklyReport> Samples = new()
    {
        ["county"] = SampleReport.County,
        ["hall"] = SampleReport.LargeHall,
        ["empty"] = SampleReport.Empty,
        ["second"] = SampleReport.SecondVersion,
    };

    [Theory]
    [InlineData("county")]
    [InlineData("hall")]
    [InlineData("empty")]
    [InlineData("second")]
    public async Task Every_section_reads_well_on_screen_and_paper(string name)
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.Desk);
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.Add(message.Text);
        await page.GotoAsync(await Shelf.PutAsync(host, Samples[name]));
        await page.EvaluateAsync("() => document.fonts.ready");

        await Pictures.TakeAsync(page, $"report-{name}");
        foreach (var (index, part) in (await page.Locator(".front, section, footer").AllAsync()).Index())
            await part.ScreenshotAsync(new() { Path = Pictures.PathOf($"report-{name}-{index:00}") });
        Assert.Empty(await Layout.CutOffAsync(page));
        Assert.Empty(await Layout.BadBreaksAsync(page));
        Assert.False(await Layout.ScrollsSidewaysAsync(page));
        Assert.Empty(await AccessibilityTests.BarriersAsync(page));
        Assert.True(
            await page.EvaluateAsync<bool>(
                "() => document.fonts.size >= 2 && [...document.fonts].every(font => font.status === 'loaded')"
            ),
            "The page's fonts are not its own."
        );
        Assert.Empty(complaints);

        await page.EmulateMediaAsync(new() { Media = Media.Print });
        // 8 pt in pixels.
        Assert.Empty(await Layout.SmallerThanAsync(page, 8 / 0.75));
        await Print.PagesAsync(page, $"report-{name}");
    }
}
