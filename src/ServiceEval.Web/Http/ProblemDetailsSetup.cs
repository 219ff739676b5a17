using System.Data.Common;
using Microsoft.AspNetCore.Diagnostics;

namespace ServiceEval.Web.Http;

public static class ProblemDetailsSetup
{
    public static IServiceCollection AddProblems(this IServiceCollection services) =>
        services
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
