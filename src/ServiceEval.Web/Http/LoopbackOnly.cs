using System.Net;
using Hangfire.Dashboard;

namespace ServiceEval.Web.Http;

/// <summary>
/// Answers only requests from this machine and refuses all others with 404, as long as there are no user accounts. A
/// request with any header of a proxy is refused, because it comes from another machine even if the peer is loopback.
/// X-Original-* is such a header: the middleware for forwarded headers leaves it if it accepted them. A request that a
/// page of another site made is refused too, also if that site resolves its own name to this machine (DNS rebinding).
/// </summary>
public sealed class LoopbackOnly : IDashboardAuthorizationFilter
{
    private static readonly string[] OwnNames = ["localhost", "127.0.0.1", "[::1]"];
    private static readonly string[] OfAProxy =
    [
        "Forwarded",
        "X-Forwarded",
        "X-Original-",
        "Via",
        "X-Real-IP",
        "X-Client-IP",
        "X-Cluster-Client-IP",
        "True-Client-IP",
        "CF-Connecting-IP",
    ];

    public static bool Allows(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } peer
        && IPAddress.IsLoopback(peer)
        && OwnNames.Contains(http.Request.Host.Host, StringComparer.OrdinalIgnoreCase)
        && IsOfThisSite(http.Request)
        && !WasPassedOn(http.Request);

    /// <summary>Returns whether the request has a header that only a proxy adds.</summary>
    public static bool WasPassedOn(HttpRequest request) => request.Headers.Keys.Any(IsOfAProxy);

    public bool Authorize(DashboardContext context) => Allows(context.GetHttpContext());

    /// <summary>
    /// Returns whether the user typed the address or one of our pages made the request. Command-line tools send neither
    /// header.
    /// </summary>
    private static bool IsOfThisSite(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"] is [] or ["none" or "same-origin"]
        && request.Headers.Origin is var origin
        && (
            origin.Count == 0
            || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
        );

    private static bool IsOfAProxy(string header) =>
        OfAProxy.Any(p => header.StartsWith(p, StringComparison.OrdinalIgnoreCase));
}
