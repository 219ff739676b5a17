using Microsoft.AspNetCore.Diagnostics;

namespace ServiceEval.Web.Hosting;

public static class ProblemDetailsSetup
{
    public static IServiceCollection AddProblems(this IServiceCollection services) => services.AddProblemDetails(options =>
        options.CustomizeProblemDetails = context =>
        {
            // What the framework refuses (a malformed body, one that is too large) gets the same names as what we refuse.
            if (context.ProblemDetails.Type?.StartsWith("urn:serviceeval:", StringComparison.Ordinal) == true) return;
            if (Problem.OfStatus(context.ProblemDetails.Status ?? 500) is not { } problem) return;
            problem.Announce(context.HttpContext);
            context.ProblemDetails.Type = problem.ToDetails().Type;
            context.ProblemDetails.Title = problem.Name;
            context.ProblemDetails.Detail = problem.Detail;
        });

    public static IApplicationBuilder UseProblems(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            // Otherwise a malformed body is 500 in Development and 400 elsewhere.
            StatusCodeSelector = e => e is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException,
        });
        return app.UseStatusCodePages();
    }
}
