using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;

namespace ServiceEval.Web.Hosting;

/// <summary>
/// Logs what no feature has caught, by its route, for a path may end in a receipt, and by the trace id that the problem
/// bears too.
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
        // The answer is another's work.
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
