using System.Net;
using Hangfire.Dashboard;

namespace ServiceEval.Web.Hosting;

/// <summary>
/// Until accounts exist: answers this machine only, and 404 to everybody else. A request that a proxy passed on is
/// somebody else's whatever its peer, so every header a proxy leaves refuses it; where the forwarded ones were believed,
/// their middleware has left X-Original-*.
/// </summary>
public sealed class LoopbackOnly : IEndpointFilter, IDashboardAuthorizationFilter
{
    private static readonly string[] Names = ["Forwarded", "X-Real-IP"];
    private static readonly string[] Prefixes = ["X-Forwarded-", "X-Original-"];

    public static bool Allows(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } peer && IPAddress.IsLoopback(peer) && !http.Request.Headers.Keys.Any(IsOfAProxy);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Allows(context.HttpContext) ? await next(context) : TypedResults.NotFound();

    public bool Authorize(DashboardContext context) => Allows(context.GetHttpContext());

    private static bool IsOfAProxy(string header) =>
        Names.Contains(header, StringComparer.OrdinalIgnoreCase) || Prefixes.Any(p => header.StartsWith(p, StringComparison.OrdinalIgnoreCase));
}
