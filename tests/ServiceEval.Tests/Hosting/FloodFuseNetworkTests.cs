using System.Net;

namespace ServiceEval.Tests.Hosting;

public sealed class FloodFuseNetworkTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", HttpStatusCode.TooManyRequests)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", HttpStatusCode.OK)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", HttpStatusCode.TooManyRequests)]
    [InlineData("192.0.2.1", "192.0.2.2", HttpStatusCode.OK)]
    public async Task Addresses_of_one_IPv6_network_share_a_fuse_and_IPv4_has_one_each(
        string first,
        string second,
        HttpStatusCode expected
    )
    {
        await using var host = await TestHost.StartAsync(
            ("ServiceEval:FloodFuse", "1"),
            ("ServiceEval:KnownProxies:0", "127.0.0.1")
        );

        await GetFromAsync(host, first);

        Assert.Equal(expected, await GetFromAsync(host, second));
    }

    private static async Task<HttpStatusCode> GetFromAsync(TestHost host, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/halls")
        {
            Headers = { { "X-Forwarded-For", address } },
        };
        using var response = await host.Client.SendAsync(request, Ct);
        return response.StatusCode;
    }
}
