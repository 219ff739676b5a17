using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace ServiceEval.Web.Hosting.Network;

/// <summary>Whose request it is, as far as limits by address go.</summary>
internal static class ClientAddress
{
    /// <summary>
    /// The client's network; null for a tool of this machine, which no limit by address is for. What a known proxy passed on is never
    /// such a tool: a header that can't be read leaves the proxy's own address, and all those share its limits.
    /// </summary>
    public static IPAddress? Of(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress;
        if (address is null) return null;
        var isTool = IPAddress.IsLoopback(address) && !(HasKnownProxies(http) && LoopbackOnly.WasPassedOn(http.Request));
        return isTool ? null : Network(address);
    }

    /// <summary>Who has one IPv6 address has the whole /64, and would have as many limits; IPv4 written as IPv6 is IPv4.</summary>
    public static IPAddress Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Prefix(address, bytes: 8) : address;
    }

    /// <summary>The /48 that a provider gives a large customer, of an IPv6 network; null for IPv4.</summary>
    public static IPAddress? Site(IPAddress network) => network.AddressFamily == AddressFamily.InterNetworkV6 ? Prefix(network, bytes: 6) : null;

    /// <summary>
    /// A quotation mark of the client's own would make the proxy's addition a part of one long quoted text; no address has one.
    /// Before the forwarded headers are read.
    /// </summary>
    public static Task Unquote(HttpContext http, RequestDelegate next)
    {
        var headers = http.Request.Headers;
        if (headers["X-Forwarded-For"] is { Count: > 0 } named)
            headers["X-Forwarded-For"] = string.Join(',', named.OfType<string>()).Replace("\"", "", StringComparison.Ordinal);
        return next(http);
    }

    private static bool HasKnownProxies(HttpContext http) =>
        http.RequestServices.GetRequiredService<IOptions<ServiceEvalOptions>>().Value.KnownProxies.Length > 0;

    private static IPAddress Prefix(IPAddress address, int bytes)
    {
        var whole = address.GetAddressBytes();
        whole.AsSpan(bytes).Clear();
        return new IPAddress(whole);
    }
}
