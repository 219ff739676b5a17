namespace ServiceEval.Web.Http;

/// <summary>
/// Says who gets an answer from a route. Every route has exactly one policy. A test lists the routes with their
/// policies.
/// </summary>
/// <param name="Name">The name in the approved list of routes.</param>
internal sealed record RoutePolicy(string Name);
