using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Reports;

/// <summary>
/// Until accounts exist: this machine, and over TLS whoever has the password, where there is one. To everybody else
/// there are no reports.
/// </summary>
public sealed class ReportReaders(ReportPassword password) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (LoopbackOnly.Allows(http))
            return await next(context);
        if (!password.IsSet || !http.Request.IsHttps || IsFetchedByAnotherSite(http.Request))
            return TypedResults.NotFound();
        http.Response.Headers.CacheControl = "no-store, private";
        switch (password.Check(http.Request.Headers.Authorization))
        {
            case PasswordAnswer.Right:
                return await next(context);
            case PasswordAnswer.TooMany:
                return Problem.TooMany.ToResult(http);
            default:
                http.Response.Headers.WWWAuthenticate = "Basic realm=\"reports\", charset=\"UTF-8\"";
                return Problem.PasswordNeeded.ToResult(http);
        }
    }

    /// <summary>
    /// A browser that knows the password sends it along; a link in a mail may be followed, but nothing be drawn into
    /// another page.
    /// </summary>
    private static bool IsFetchedByAnotherSite(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"] is ["cross-site" or "same-site"]
        && request.Headers["Sec-Fetch-Mode"] is not ["navigate"];
}
