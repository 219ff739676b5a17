using System.Net;

namespace ServiceEval.Tests.Hosting;

public sealed class FloodFuseTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_flood_from_one_address_is_refused_as_a_problem_and_as_a_page_and_nobody_else_is()
    {
        await using var host = await TestHost.StartAsync(
            ("ServiceEval:FloodFuse", "3"),
            ("ServiceEval:KnownProxies:0", "127.0.0.1")
        );
        var code = (await host.WindowCodesAsync())[0];
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await AskAsync("/api/v1/halls", "203.0.113.7")).StatusCode);

        await TestHost.AssertProblemAsync(await AskAsync("/api/v1/halls", "203.0.113.7"), 429, "too-many");
        foreach (var path in (string[])[$"/w/{code}", "/r/0000000000000000", $"/w/{code}?lang=en"])
        {
            using var refused = await AskAsync(path, "203.0.113.7");
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal("text/html", refused.Content.Headers.ContentType?.MediaType);
            Assert.Equal("60", refused.Headers.RetryAfter?.ToString());
            Assert.True(refused.Headers.CacheControl is { NoStore: true, Private: true });
            var page = await refused.Content.ReadAsStringAsync(Ct);
            Assert.Contains(
                path.EndsWith("en", StringComparison.Ordinal) ? "Too many requests" : "请求过于频繁",
                page,
                StringComparison.Ordinal
            );
        }

        Assert.Equal(HttpStatusCode.OK, (await AskAsync($"/w/{code}", "203.0.113.8")).StatusCode);
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.OK, (await AskAsync("/api/v1/halls", null)).StatusCode);

        async Task<HttpResponseMessage> AskAsync(string path, string? address)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (address is not null)
                request.Headers.Add("X-Forwarded-For", address);
            return await host.Client.SendAsync(request, Ct);
        }
    }

    [Fact]
    public async Task An_address_is_not_believed_when_no_proxy_is_known()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:FloodFuse", "1"));
        for (var i = 0; i < 5; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/halls")
            {
                Headers = { { "X-Forwarded-For", "203.0.113.7" } },
            };
            using var response = await host.Client.SendAsync(request, Ct);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task Guessing_receipts_spends_one_budget_and_slows_down_nobody_who_has_one()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:Receipts:MissesPerMinute", "2"));
        var receipt = (await host.RateAsync()).Receipt;
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.GetAsync("/r/0000000000000000", Ct)).StatusCode);
        await TestHost.AssertProblemAsync(
            await host.Client.GetAsync("/api/v1/receipts/nonsense", Ct),
            404,
            "receipt-unknown"
        );

        using var page = await host.Client.GetAsync("/r/0000000000000001", Ct);
        Assert.Equal(
            (HttpStatusCode.TooManyRequests, "text/html"),
            (page.StatusCode, page.Content.Headers.ContentType?.MediaType)
        );
        Assert.NotNull(page.Headers.RetryAfter);
        await TestHost.AssertProblemAsync(
            await host.Client.GetAsync("/api/v1/receipts/0000000000000002", Ct),
            429,
            "too-many"
        );
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync($"/r/{receipt}", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync($"/api/v1/receipts/{receipt}", Ct)).StatusCode);

        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.GetAsync("/r/0000000000000000", Ct)).StatusCode);
    }
}
