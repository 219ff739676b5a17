namespace ServiceEval.Tests.Hosting;

public sealed class AnswerHeadersTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_page_forbids_frames_another_base_address_and_other_sites()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        foreach (
            var path in (string[])
                [
                    $"/w/{code}",
                    $"/w/{code}/sheet",
                    "/h/example",
                    "/h/example/sheets",
                    "/display/example",
                    "/privacy",
                    "/reports",
                ]
        )
        {
            using var response = await host.Client.GetAsync(path, Ct);
            Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode}");
            var policy = response.Headers.GetValues("Content-Security-Policy").Single();
            Assert.EndsWith("frame-ancestors 'none'; base-uri 'none'", policy, StringComparison.Ordinal);
            Assert.Matches("^default-src '(none|self)'; ", policy);
            Assert.DoesNotMatch(@"unsafe|https?:|\*", policy);
        }
    }

    [Fact]
    public async Task No_cache_stores_a_page_of_one_citizen_or_a_report()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        var receipt = (await host.RateAsync()).Receipt;
        foreach (
            var path in (string[])
                [
                    $"/w/{code}",
                    $"/r/{receipt}",
                    $"/api/v1/receipts/{receipt}",
                    "/api/v1/reports",
                    "/reports",
                    "/reports/county-2026-W01-v1.json",
                ]
        )
        {
            using var response = await host.Client.GetAsync(path, Ct);
            Assert.True(response.Headers.CacheControl is { NoStore: true, Private: true }, path);
        }
    }
}
