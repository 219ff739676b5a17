using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Http.Network;

/// <summary>
/// Limits the requests a minute by address. A whole hall can share one address, so the limit only stops floods. Tools
/// on this machine are exempt.
/// </summary>
/// <remarks>
/// The counters are a fixed number of slots. The hash of an address selects its slot. A client that changes its address
/// for every request uses the same slots again, so memory does not grow. The hash is different in each process. The
/// framework's rate limiting middleware is not used, because it never disposes of its limiters: each stopped host would
/// stay in memory.
/// </remarks>
internal sealed class FloodFuse(IOptions<ServiceEvalOptions> options) : IDisposable
{
    private const int Slots = 1 << 16;

    private readonly PartitionedRateLimiter<ClientNetwork> _networks = Limiter(
        options.Value.FloodFuse,
        client => client.Own
    );
    private readonly PartitionedRateLimiter<ClientNetwork> _sites = Limiter(
        options.Value.FloodFuse * ClientNetwork.NetworksOfASite,
        client => client.Site
    );

    public Task GuardAsync(HttpContext http, RequestDelegate next)
    {
        if (Admits(http))
            return next(http);
        http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        return Task.CompletedTask;
    }

    /// <summary>Counts one request, or one message to the hub. Returns false if the limit is exceeded.</summary>
    public bool Admits(HttpContext http) =>
        ClientAddress.Of(http) is not { } client || (Takes(_networks, client) && Takes(_sites, client));

    public void Dispose()
    {
        _networks.Dispose();
        _sites.Dispose();
    }

    private static bool Takes(PartitionedRateLimiter<ClientNetwork> limiter, ClientNetwork client)
    {
        using var lease = limiter.AttemptAcquire(client);
        return lease.IsAcquired;
    }

    private static PartitionedRateLimiter<ClientNetwork> Limiter(
        int perMinute,
        Func<ClientNetwork, IPNetwork?> networkOf
    ) =>
        PartitionedRateLimiter.Create<ClientNetwork, int>(client =>
            perMinute == 0 || networkOf(client) is not { } network
                ? RateLimitPartition.GetNoLimiter(-1)
                : RateLimitPartition.GetFixedWindowLimiter(
                    SlotOf(network),
                    _ => new FixedWindowRateLimiterOptions { PermitLimit = perMinute, Window = TimeSpan.FromMinutes(1) }
                )
        );

    private static int SlotOf(IPNetwork network)
    {
        var hash = new HashCode();
        hash.AddBytes(network.BaseAddress.GetAddressBytes());
        return hash.ToHashCode() & (Slots - 1);
    }
}
