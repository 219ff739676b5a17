using System.Net.Http.Json;
using ServiceEval.Browser.Tests.Reports;
using ServiceEval.Web.Features.Boards;
using ServiceEval.Web.Http;

namespace ServiceEval.Browser.Tests.Display;

public static class History
{
    /// <summary>The hall of the sample county with 36 windows.</summary>
    public const string LargeHall = "puyang";

    public static async Task SeedCountyAsync(TestHost host)
    {
        var (exitCode, _, errors) = await host.CommandAsync("seed", "puyang");
        Assert.True(exitCode == 0, errors);
        await host.RestartAsync();
    }

    /// <summary>
    /// Rates for the week up to today. Each day has the same citizens at every window, and all ratings are released on
    /// their day.
    /// </summary>
    public static async Task RateAsync(TestHost host, string hall, int each)
    {
        var codes = await host.WindowCodesAsync(hall);
        for (var day = 6; day >= 0; day--)
        {
            host.Clock.AdjustTime(TestHost.Start.AddDays(-day));
            for (var i = 0; i < codes.Count * each; i++)
                await host.RateAsync(Report.GradeOf(i * 7 + day), codes[i % codes.Count]);
            await ReleasedAsync(host, hall, codes.Count * each * (7 - day));
        }
    }

    /// <summary>
    /// Waits for the last release of a day. Releases are paced, so a day must not end before its last release.
    /// </summary>
    private static async Task ReleasedAsync(TestHost host, string hall, int n)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (
            (await host.Client.GetFromJsonAsync<Board>($"/api/v1/halls/{hall}/board", Json.Options, patience.Token))!.N
            < n
        )
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
    }
}
