using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Http;

/// <summary>
/// Logs an exception that no feature has handled. It logs the route instead of the path, because a path can contain a
/// receipt. It logs the trace id that the problem response also contains.
/// </summary>
internal sealed partial class FaultLog(ILogger<FaultLog> logger) : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(
        HttpContext httpContext,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        if (exception is not BadHttpRequestException)
        {
            var route = httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint as RouteEndpoint;
            Log.Failed(
                logger,
                httpContext.Request.Method,
                route?.RoutePattern.RawText,
                Activity.Current?.Id ?? httpContext.TraceIdentifier,
                exception
            );
        }
        // Another handler writes the response.
        return ValueTask.FromResult(false);
    }

    private static partial class Log
    {
        [LoggerMessage(9002, LogLevel.Error, "{Method} {Route} failed (trace {TraceId})")]
        public static partial void Failed(
            ILogger logger,
            string method,
            string? route,
            string traceId,
            Exception exception
        );
    }
}
