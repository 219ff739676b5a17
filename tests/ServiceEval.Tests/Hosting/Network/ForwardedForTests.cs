using System.Net;

namespace ServiceEval.Tests.Hosting.Network;

public sealed class ForwardedForTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>
    /// Each header is sent twice. The second request is refused at the address where the first was counted.
    /// </summary>
    [Theory]
    [InlineData("X-Forwarded-For", "\"")]
    [InlineData("X-Forwarded-For", "\"a, 203.0.113.7")]
    [InlineData("X-Forwarded-For", "_hidden")]
    [InlineData("X-Forwarded-For", "unknown")]
    [InlineData("X-Forwarded-For", "for=203.0.113.7")]
    [InlineData("X-Forwarded-For", "999.1.2.3")]
    [InlineData("X-Forwarded-For", "203.0.113.7:99999")]
    [InlineData("X-Forwarded-For", ",")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Forwarded-For", "::ffff:127.0.0.1")]
    [InlineData("X-Forwarded-For", "127.1")]
    [InlineData("X-Forwarded-For", "fe80::1%1")]
    [InlineData("Forwarded", "for=_hidden")]
    [InlineData("X-Real-IP", "127.0.0.1")]
    [InlineData("X-Original-For", "127.0.0.1")]
    public async Task What_a_known_proxy_passed_on_is_counted_whatever_it_says(string header, string value)
    {
        await using var host = await TestHost.StartAsync(
            ("ServiceEval:FloodFuse", "1"),
            ("ServiceEval:KnownProxies:0", "127.0.0.1")
        );

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.TooManyRequests],
            [await GetAsync(host, header, value), await GetAsync(host, header, value)]
        );
    }

    [Fact]
    public async Task A_clients_quotation_mark_does_not_hide_the_address_that_the_proxy_added()
    {
        await using var host = await TestHost.StartAsync(
            ("ServiceEval:FloodFuse", "1"),
            ("ServiceEval:KnownProxies:0", "127.0.0.1")
        );
        Assert.Equal(HttpStatusCode.OK, await GetAsync(host, "X-Forwarded-For", "203.0.113.7"));

        Assert.Equal(HttpStatusCode.OK, await GetAsync(host, "X-Forwarded-For", "\"a, 203.0.113.8"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await GetAsync(host, "X-Forwarded-For", "\"b, 203.0.113.7"));
    }

    [Fact]
    public async Task Who_has_a_whole_site_of_IPv6_has_no_fuse_for_each_of_its_networks()
    {
        await using var host = await TestHost.StartAsync(
            ("ServiceEval:FloodFuse", "1"),
            ("ServiceEval:KnownProxies:0", "127.0.0.1")
        );
        var answers = new List<HttpStatusCode>();
        for (var i = 1; i <= 66; i++)
            answers.Add(await GetAsync(host, "X-Forwarded-For", $"2001:db8:1:{i:x}::1"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (answers[0], answers[^1]));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(host, "X-Forwarded-For", "2001:db8:2:1::1"));
    }

    private static async Task<HttpStatusCode> GetAsync(TestHost host, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/halls");
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await host.Client.SendAsync(request, Ct);
        return response.StatusCode;
    }
}
