using ServiceEval.Web.Http;

namespace ServiceEval.Web.Components;

/// <summary>
/// Writes a problem as an HTML page at the addresses that citizens use: unknown paths, refusals by the framework, and
/// internal errors.
/// </summary>
internal sealed class ProblemPages(PageRenderer renderer) : IProblemDetailsWriter
{
    private static readonly PathString[] Places = ["/w", "/r", "/h"];

    private static readonly PathString[] OfPrograms = ["/api", "/hubs", "/openapi"];

    public bool CanWrite(ProblemDetailsContext context) =>
        Places.Any(place => context.HttpContext.Request.Path.StartsWithSegments(place))
        || (context.ProblemDetails.Status == StatusCodes.Status404NotFound && IsVisit(context.HttpContext.Request));

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var status = context.ProblemDetails.Status ?? http.Response.StatusCode;
        var problem =
            http.Request.Path == "/"
                ? Problem.NothingHere
                : Problem.OfStatus(status) ?? Problem.Fault with { Status = status };
        await (await renderer.RefuseAsync(http, problem)).ExecuteAsync(http);
    }

    /// <summary>Returns whether a person typed the address in a browser. Programs get no page.</summary>
    private static bool IsVisit(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && !OfPrograms.Any(place => request.Path.StartsWithSegments(place))
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
