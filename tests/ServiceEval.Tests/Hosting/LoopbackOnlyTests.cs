using System.Net;

namespace ServiceEval.Tests.Hosting;

public sealed class LoopbackOnlyTests
{
    private static readonly string[] Paths =
    [
        "/",
        "/reports",
        "/reports/county-2026-W47-v1.html",
        "/reports/county-2026-W47-v1.json",
        "/jobs",
        "/jobs/recurring",
        "/api/v1/reports",
        "/api/v1/reports?limit=5",
    ];

    private static readonly (string Name, string Value)[] Headers =
    [
        ("Forwarded", "for=127.0.0.1"),
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Host", "localhost"),
        ("x-real-ip", "127.0.0.1"),
        ("X-Original-For", "127.0.0.1"),
        ("X-Original-Proto", "http"),
        ("X-ORIGINAL-HOST", "localhost"),
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("localhost:5080", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("[::1]:5080", 200)]
    [InlineData("hcp.example.gov.cn", 404)]
    [InlineData("localhost.example.gov.cn", 404)]
    [InlineData("192.0.2.1:5080", 404)]
    public async Task Reports_answer_under_this_machines_own_names_only(string name, int status) =>
        Assert.Equal(status, await StatusAsync("/reports", ("Host", name)));

    [Theory]
    [InlineData("Sec-Fetch-Site", "none", 200)]
    [InlineData("Sec-Fetch-Site", "same-origin", 200)]
    [InlineData("Sec-Fetch-Site", "same-site", 404)]
    [InlineData("Sec-Fetch-Site", "cross-site", 404)]
    [InlineData("Origin", "http://localhost:5080", 200)]
    [InlineData("Origin", "http://localhost:9090", 404)]
    [InlineData("Origin", "https://example.com", 404)]
    [InlineData("Origin", "null", 404)]
    public async Task What_another_sites_page_asks_for_is_refused(string header, string value, int status) =>
        Assert.Equal(status, await StatusAsync("/reports", ("Host", "localhost:5080"), (header, value)));

    [Theory]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("X-Forwarded-For", "192.0.2.1")]
    [InlineData("X-Client-IP", "192.0.2.1")]
    [InlineData("True-Client-IP", "192.0.2.1")]
    public async Task What_a_proxy_passed_on_is_refused(string header, string value) =>
        Assert.Equal(404, await StatusAsync("/reports", (header, value)));

    [Fact]
    public async Task The_job_dashboard_can_be_read_but_neither_framed_nor_used()
    {
        await using var host = await TestHost.StartAsync();

        using var page = await host.Client.GetAsync("/jobs", Ct);
        using var content = new FormUrlEncodedContent([new("jobs[]", "ReportSweep")]);
        using var trigger = await host.Client.PostAsync("/jobs/recurring/trigger", content, Ct);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains(
            "frame-ancestors 'none'",
            page.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal
        );
        Assert.True((int)trigger.StatusCode >= 400, $"{trigger.StatusCode}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_proxy_passed_on_is_answered_as_if_nothing_were_there(bool proxyIsKnown)
    {
        await using var host = await TestHost.StartAsync(
            proxyIsKnown ? [("ServiceEval:KnownProxies:0", "127.0.0.1")] : []
        );
        foreach (var path in Paths)
        {
            foreach (var (name, value) in Headers)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { name, value } } };
                using var response = await host.Client.SendAsync(request, Ct);
                Assert.True(
                    response.StatusCode == HttpStatusCode.NotFound,
                    $"{path} with {name}: {response.StatusCode}"
                );
            }
        }
        foreach (var path in (string[])["/reports", "/jobs", "/api/v1/reports"])
            Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync(path, Ct)).StatusCode);
    }

    private static async Task<int> StatusAsync(string path, params (string Name, string Value)[] headers)
    {
        await using var host = await TestHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await host.Client.SendAsync(request, Ct);
        return (int)response.StatusCode;
    }
}
