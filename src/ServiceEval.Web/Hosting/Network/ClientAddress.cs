using System.Net;
using Microsoft.Extensions.Options;

namespace ServiceEval.Web.Hosting.Network;

/// <summary>Whose request it is, as far as limits by address go.</summary>
internal static class ClientAddress
{
    /// <summary>
    /// The client's network; null for a tool of this machine, which no limit by address is for. What a known proxy
    /// passed on is never such a tool: a header that can't be read leaves the proxy's own address, and all those share
    /// its limits.
    /// </summary>
    public static ClientNetwork? Of(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress;
        if (address is null)
            return null;
        var isTool =
            IPAddress.IsLoopback(address) && !(HasKnownProxies(http) && LoopbackOnly.WasPassedOn(http.Request));
        return isTool ? null : ClientNetwork.Of(address);
    }

    /// <summary>
    /// A quotation mark of the client's own would make the proxy's addition a part of one long quoted text; no address
    /// has one. Before the forwarded headers are read.
    /// </summary>
    public static Task Unquote(HttpContext http, RequestDelegate next)
    {
        var headers = http.Request.Headers;
        if (headers["X-Forwarded-For"] is { Count: > 0 } named)
            headers["X-Forwarded-For"] = string.Join(',', named.OfType<string>())
                .Replace("\"", "", StringComparison.Ordinal);
        return next(http);
    }

    private static bool HasKnownProxies(HttpContext http) =>
        http.RequestServices.GetRequiredService<IOptions<ServiceEvalOptions>>().Value.KnownProxies.Length > 0;
}
