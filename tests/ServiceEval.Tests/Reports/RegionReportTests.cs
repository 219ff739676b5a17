using System.Net;
using System.Text.Json;
using ServiceEval.Core.Ratings;
using ServiceEval.Tests.Boards;
using ServiceEval.Web.Features.Reports;

namespace ServiceEval.Tests.Reports;

/// <summary>Every region that has halls has a report of its own.</summary>
public sealed class RegionReportTests
{
    /// <summary>The time from the host's Wednesday to the next Monday, 06:00 in Asia/Shanghai.</summary>
    private static readonly TimeSpan ToMonday = TimeSpan.FromHours(4 * 24 + 20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_root_and_each_region_with_ratings_have_reports_and_a_parent_lists_its_children()
    {
        await using var host = await TestHost.StartAsync();
        await Townships.AddAsync(host);
        await RateAsync(host, 6, 7);
        host.Clock.Advance(ToMonday);

        await host.Part<ReportSweep>().RunAsync(Ct);

        Assert.Equal(
            [(Townships.County, 13), (Townships.First, 7), (TestHost.Hall, 6), (SecondHall.Hall, 7)],
            await ReportsAsync(host)
        );
        using var county = await JsonAsync(host, $"{Townships.County}-2026-W47-v1");
        Assert.Equal("全县", county.RootElement.GetProperty("whole").GetString());
        Assert.Equal(
            [(Townships.First, 7)],
            county
                .RootElement.GetProperty("regions")
                .EnumerateArray()
                .Select(r => (r.GetProperty("code").GetString()!, r.GetProperty("n").GetInt32()))
        );
        Assert.Equal(2, county.RootElement.GetProperty("halls").GetArrayLength());
        using var page = await host.Client.GetAsync($"/reports/{Townships.First}-2026-W47-v1.html", Ct);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task County_stays_an_alias_of_the_root_and_a_report_that_was_frozen_before_keeps_its_id()
    {
        await using var host = await TestHost.StartAsync();
        await SecondHall.AddAsync(host);
        await RateAsync(host, 6, 7);
        host.Clock.Advance(ToMonday);
        await host.Part<ReportSweep>().RunAsync(Ct);
        var frozen = await host.Client.GetStringAsync("/reports/county-2026-W47-v1.json", Ct);

        await SecondHall.ChangeAsync(host, $"UPDATE Regions SET Code = '{Townships.County}', Name = '濮阳县'");
        Assert.Equal(frozen, await host.Client.GetStringAsync($"/reports/{Townships.County}-2026-W47-v1.json", Ct));
        Assert.Equal(frozen, await host.Client.GetStringAsync("/reports/county-2026-W47-v1.json", Ct));

        var (exitCode, output, errors) = await host.CommandAsync("verify");
        Assert.True(exitCode == 0, output + errors);

        // Late ratings make a second version, whose id has the code of the root.
        host.Clock.AdjustTime(TestHost.Start.AddHours(1));
        await RateAsync(host, 5, 0);
        host.Clock.Advance(ToMonday + TimeSpan.FromDays(1));
        await host.Part<ReportSweep>().RunAsync(Ct);
        using var second = await JsonAsync(host, $"{Townships.County}-2026-W47-v2");
        Assert.Equal(
            "county-2026-W47-v1",
            second.RootElement.GetProperty("difference").GetProperty("earlier").GetString()
        );
        Assert.Equal(18, second.RootElement.GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task A_report_can_be_compiled_for_a_region_a_hall_or_the_root_and_for_nothing_else()
    {
        await using var host = await TestHost.StartAsync();
        await Townships.AddAsync(host);
        var (_, first, _) = await host.CommandAsync(Weekly(host, "--region", Townships.First));
        var (_, alias, _) = await host.CommandAsync(Weekly(host, "--region", "county"));
        var (empty, _, noHalls) = await host.CommandAsync(Weekly(host, "--region", Townships.Second));
        var (unknown, _, noRegion) = await host.CommandAsync(Weekly(host, "--region", "410928999000"));
        var (both, _, twice) = await host.CommandAsync(Weekly(host, "--region", "county", "--hall", TestHost.Hall));

        Assert.Contains($"{Townships.First}-2026-W47-v0.json", first, StringComparison.Ordinal);
        Assert.Contains($"{Townships.County}-2026-W47-v0.json", alias, StringComparison.Ordinal);
        Assert.Equal((1, 1, 2), (empty, unknown, both));
        Assert.Contains("这个区划在 2026-W47 没有大厅", noHalls, StringComparison.Ordinal);
        Assert.Contains("没有代码为“410928999000”的区划", noRegion, StringComparison.Ordinal);
        Assert.Contains("--region 和 --hall 只能写一个", twice, StringComparison.Ordinal);
    }

    private static string[] Weekly(TestHost host, params string[] scope) =>
        ["report", "weekly", "--week", "2026-W47", "--out", Path.Combine(host.DataDirectory, "out"), .. scope];

    private static async Task RateAsync(TestHost host, int first, int second)
    {
        for (var i = 0; i < first; i++)
            await host.RateAsync();
        for (var i = 0; i < second; i++)
            await host.RateAsync(Grade.Satisfied, SecondHall.Window);
    }

    private static async Task<IEnumerable<(string, int)>> ReportsAsync(TestHost host)
    {
        using var list = JsonDocument.Parse(await host.Client.GetStringAsync("/api/v1/reports", Ct));
        return
        [
            .. list
                .RootElement.EnumerateArray()
                .Select(r => (r.GetProperty("scope").GetString()!, r.GetProperty("n").GetInt32())),
        ];
    }

    private static async Task<JsonDocument> JsonAsync(TestHost host, string id) =>
        JsonDocument.Parse(await host.Client.GetStringAsync($"/reports/{id}.json", Ct));
}
