using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Reports;

/// <summary>
/// Decides who may read the reports until accounts exist: this machine, and other machines over TLS with the password,
/// if a password is set. Such other machines are asked for the password. Without TLS or without a set password they get
/// 404.
/// </summary>
public sealed class ReportReaders(ReportPassword password) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var isHere = LoopbackOnly.Allows(http);
        if (!isHere && (!password.IsSet || !http.Request.IsHttps || IsFetchedByAnotherSite(http.Request)))
            return TypedResults.NotFound();
        http.Response.ForbidStoring();
        if (isHere)
            return await next(context);
        switch (password.Check(http.Request.Headers.Authorization))
        {
            case PasswordAnswer.Right:
                return await next(context);
            case PasswordAnswer.TooMany:
                return Problem.TooMany.ToResult(http);
            default:
                http.Response.Headers.WWWAuthenticate = "Basic realm=\"reports\", charset=\"UTF-8\"";
                return ReportProblems.PasswordNeeded.ToResult(http);
        }
    }

    /// <summary>
    /// Returns whether a page of another site fetches the report. A browser that knows the password sends it with such
    /// requests too. A link in a mail may be followed, but no other page may embed a report.
    /// </summary>
    private static bool IsFetchedByAnotherSite(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"] is ["cross-site" or "same-site"]
        && request.Headers["Sec-Fetch-Mode"] is not ["navigate"];
}
