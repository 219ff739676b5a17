using System.Net;

namespace ServiceEval.Tests.Hosting;

public sealed class LoopbackOnlyTests
{
    private static readonly string[] Paths =
        ["/reports", "/reports/county-2026-W47-v1.html", "/reports/county-2026-W47-v1.json", "/jobs", "/jobs/recurring", "/api/v1/reports", "/api/v1/reports?limit=5"];

    private static readonly (string Name, string Value)[] Headers =
    [
        ("Forwarded", "for=127.0.0.1"), ("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "localhost"),
        ("x-real-ip", "127.0.0.1"), ("X-Original-For", "127.0.0.1"), ("X-Original-Proto", "http"), ("X-ORIGINAL-HOST", "localhost"),
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_proxy_passed_on_is_answered_as_if_nothing_were_there(bool proxyIsKnown)
    {
        await using var host = await TestHost.StartAsync(proxyIsKnown ? [("ServiceEval:KnownProxies:0", "127.0.0.1")] : []);
        foreach (var path in Paths)
        {
            foreach (var (name, value) in Headers)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { name, value } } };
                using var response = await host.Client.SendAsync(request, Ct);
                Assert.True(response.StatusCode == HttpStatusCode.NotFound, $"{path} with {name}: {response.StatusCode}");
            }
        }
        foreach (var path in (string[])["/reports", "/jobs", "/api/v1/reports"]) Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync(path, Ct)).StatusCode);
    }
}
