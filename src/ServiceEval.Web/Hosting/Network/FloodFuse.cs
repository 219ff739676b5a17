using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace ServiceEval.Web.Hosting.Network;

/// <summary>
/// Requests a minute by address. A whole hall sits behind one address, so this only stops floods; a machine's own tools are exempt.
/// </summary>
/// <remarks>
/// The counters are a fixed number of slots, and an address has the one that its hash points to. A client that changes its address for
/// every request meets the same slots again, so memory stays as it is. The hash is another in each process.
/// </remarks>
internal static class FloodFuse
{
    private const int Slots = 1 << 16;

    /// <summary>A site of IPv6 has 65,536 networks. It may be a carrier's, with thousands of phones.</summary>
    private const int NetworksOfASite = 64;

    public static PartitionedRateLimiter<HttpContext> Create() => PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<HttpContext, int>(http => Limit(http, ClientAddress.Of(http), 1)),
        PartitionedRateLimiter.Create<HttpContext, int>(http => Limit(http, ClientAddress.Of(http) is { } network ? ClientAddress.Site(network) : null, NetworksOfASite)));

    private static RateLimitPartition<int> Limit(HttpContext http, IPAddress? network, int times)
    {
        var perMinute = http.RequestServices.GetRequiredService<IOptions<ServiceEvalOptions>>().Value.FloodFuse;
        if (perMinute == 0 || network is null) return RateLimitPartition.GetNoLimiter(-1);
        return RateLimitPartition.GetFixedWindowLimiter(SlotOf(network), _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = perMinute * times, Window = TimeSpan.FromMinutes(1),
        });
    }

    private static int SlotOf(IPAddress network)
    {
        var hash = new HashCode();
        hash.AddBytes(network.GetAddressBytes());
        return hash.ToHashCode() & (Slots - 1);
    }
}
