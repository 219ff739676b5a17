using System.Data.Common;
using Microsoft.AspNetCore.Diagnostics;
using ServiceEval.Web.Components;

namespace ServiceEval.Web.Http;

public static class ProblemDetailsSetup
{
    // ProblemPages is registered first, because the first writer whose CanWrite returns true writes the response.
    public static IServiceCollection AddProblems(this IServiceCollection services) =>
        services
            .AddSingleton<IProblemDetailsWriter, ProblemPages>()
            .AddExceptionHandler<FaultLog>()
            .AddProblemDetails(options =>
                options.CustomizeProblemDetails = context =>
                {
                    // A request that the framework refuses (for example with a malformed or too large body) gets the
                    // same problem names as our own refusals.
                    if (context.ProblemDetails.Type?.StartsWith("urn:serviceeval:", StringComparison.Ordinal) == true)
                        return;
                    if (Problem.OfStatus(context.ProblemDetails.Status ?? 500) is not { } problem)
                        return;
                    problem.Announce(context.HttpContext);
                    context.ProblemDetails.Type = problem.ToDetails().Type;
                    context.ProblemDetails.Title = problem.Name;
                    context.ProblemDetails.Detail = problem.Detail;
                }
            );

    public static IApplicationBuilder UseProblems(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(
            new ExceptionHandlerOptions
            {
                StatusCodeSelector = e =>
                    e switch
                    {
                        // Without this line a malformed body gives 500 in Development and 400 elsewhere.
                        BadHttpRequestException bad => bad.StatusCode,
                        DbException => StatusCodes.Status503ServiceUnavailable,
                        _ => StatusCodes.Status500InternalServerError,
                    },
                SuppressDiagnosticsCallback = _ => true,
            }
        );
        return app.UseStatusCodePages();
    }
}

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
