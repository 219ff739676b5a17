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

    public static PartitionedRateLimiter<HttpContext> Create() => PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<HttpContext, int>(http => Limit(http, ClientAddress.Of(http)?.Own, 1)),
        PartitionedRateLimiter.Create<HttpContext, int>(
            http => Limit(http, ClientAddress.Of(http)?.Site, ClientNetwork.NetworksOfASite)));

    private static RateLimitPartition<int> Limit(HttpContext http, IPNetwork? network, int times)
    {
        var perMinute = http.RequestServices.GetRequiredService<IOptions<ServiceEvalOptions>>().Value.FloodFuse;
        if (perMinute == 0 || network is null) return RateLimitPartition.GetNoLimiter(-1);
        return RateLimitPartition.GetFixedWindowLimiter(SlotOf(network.Value), _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = perMinute * times, Window = TimeSpan.FromMinutes(1),
        });
    }

    private static int SlotOf(IPNetwork network)
    {
        var hash = new HashCode();
        hash.AddBytes(network.BaseAddress.GetAddressBytes());
        return hash.ToHashCode() & (Slots - 1);
    }
}
