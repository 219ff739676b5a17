using System.Net;
using Hangfire.Dashboard;

namespace ServiceEval.Web.Hosting;

/// <summary>
/// Until accounts exist: answers this machine only, and 404 to everybody else. A request that a proxy passed on is
/// somebody else's whatever its peer, so every header a proxy leaves refuses it; where the forwarded ones were
/// believed, their middleware has left X-Original-*. What a page of another site asks for is refused too, also where
/// that site had its own name resolved to this machine.
/// </summary>
public sealed class LoopbackOnly : IEndpointFilter, IDashboardAuthorizationFilter
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

    /// <summary>Whether it bears a header that only a proxy leaves.</summary>
    public static bool WasPassedOn(HttpRequest request) => request.Headers.Keys.Any(IsOfAProxy);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Allows(context.HttpContext) ? await next(context) : TypedResults.NotFound();

    public bool Authorize(DashboardContext context) => Allows(context.GetHttpContext());

    /// <summary>Typed in, or asked for by a page of ours; tools send neither header.</summary>
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

public static class LoopbackOnlyExtensions
{
    /// <summary>For an endpoint that is no handler of ours and so takes no filter.</summary>
    public static TBuilder OnlyFromThisMachine<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoints.Add(endpoint =>
        {
            var answer = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = http =>
                LoopbackOnly.Allows(http) ? answer(http) : TypedResults.NotFound().ExecuteAsync(http);
        });
        return endpoints;
    }
}
