namespace ServiceEval.Web.Http;

internal static class RoutePolicies
{
    /// <summary>Everybody gets an answer.</summary>
    public static TBuilder Public<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new RoutePolicy("public"));

    /// <summary>Only this machine gets an answer. All others get 404. There are no user accounts yet.</summary>
    public static TBuilder OnlyFromThisMachine<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder
    {
        // Endpoint filters do not run for an endpoint that has no handler of ours.
        routes.Add(endpoint =>
        {
            var answer = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = http =>
                LoopbackOnly.Allows(http) ? answer(http) : TypedResults.NotFound().ExecuteAsync(http);
        });
        return routes.WithMetadata(new RoutePolicy("loopback"));
    }
}
