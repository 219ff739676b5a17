using System.Net;
using Microsoft.Extensions.Options;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Http.Network;

/// <summary>Finds the client of a request for the limits by address.</summary>
internal static class ClientAddress
{
    /// <summary>
    /// Returns the client's network. Returns null for a tool on this machine, because limits by address do not apply to
    /// it. A request that a known proxy forwarded is never such a tool. If its header cannot be read, the proxy's own
    /// address is used, and all such requests share one limit.
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
    /// Removes quotation marks from X-Forwarded-For. If a client sent one, the address that the proxy appends would
    /// become a part of one long quoted text. No address contains a quotation mark. Must run before the forwarded
    /// headers are read.
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
