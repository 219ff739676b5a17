using Microsoft.Playwright;
using ServiceEval.Browser.Tests.Display;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Browser.Tests.Reports;

public sealed class PrintedReportTests(Chromium chromium)
{
    [Fact]
    public async Task The_report_of_a_small_hall_prints_on_five_sheets_at_most()
    {
        await using var host = await TestHost.StartAsync();
        var page = await chromium.OpenAsync(host, Device.Desk);
        await page.GotoAsync(await Report.OfARatedWeekAsync(host));
        await Pictures.TakeAsync(page, "report-small");

        Assert.InRange(await Print.PagesAsync(page, "report-small"), 1, 5);
        await AssertPrintsWellAsync(page);
        await page.GotoAsync("/reports");
        await Pictures.TakeAsync(page, "report-list");
    }

    [Fact]
    public async Task The_reports_of_a_county_and_its_large_hall_print_on_nine_sheets_at_most()
    {
        await using var host = await TestHost.StartAsync(
            ("ServiceEval:Reports:MinimumN", "3"),
            ("ServiceEval:Boards:BatchSize", "1")
        );
        await History.SeedCountyAsync(host);
        await History.RateAsync(host, History.LargeHall, each: 1);
        host.Clock.Advance(TimeSpan.FromDays(5));
        await host.RestartAsync();
        var page = await chromium.OpenAsync(host, Device.Desk);
        var root = host.Part<HallDirectory>().Current.Regions.Root.Code;
        foreach (var scope in (string[])[root, History.LargeHall])
        {
            await page.GotoAsync(await Report.CompiledAsync(host, scope));
            await Pictures.TakeAsync(page, $"report-{scope}");
            Assert.InRange(await Print.PagesAsync(page, $"report-{scope}"), 2, 9);
            await AssertPrintsWellAsync(page);
        }
    }

    private static async Task AssertPrintsWellAsync(IPage page)
    {
        Assert.Empty(await Layout.CutOffAsync(page));
        Assert.Empty(await Layout.BadBreaksAsync(page));
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        var breakable = await page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('tr, .figures, .bar, .notes, footer')].filter(row => getComputedStyle(row).breakInside !== 'avoid').map(row => row.textContent)
            """
        );
        Assert.Empty(breakable);
        Assert.Empty(
            await page.EvaluateAsync<string[]>(
                """
                () => [...document.querySelectorAll('thead')].filter(head => getComputedStyle(head).display !== 'table-header-group').map(head => head.textContent)
                """
            )
        );
        await page.EmulateMediaAsync(new() { Media = Media.Null });
    }
}
