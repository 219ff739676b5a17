using Microsoft.Extensions.Options;

namespace ServiceEval.Web.Hosting;

/// <summary>The address that QR codes and printed pages contain. It is never taken from a request.</summary>
public sealed partial class PublicAddress
{
    public PublicAddress(IOptions<ServiceEvalOptions> options, IConfiguration configuration)
    {
        var configured = options.Value.PublicUrl;
        IsConfigured = configured is not null;
        Root = new Uri((configured ?? Reachable(ListenAddresses.Of(configuration)[0])).TrimEnd('/') + "/");
    }

    public Uri Root { get; }
    public bool IsConfigured { get; }

    /// <summary>
    /// True if other devices cannot reach the address, so that printed codes are only for demonstration.
    /// </summary>
    public bool IsForShow => !IsConfigured || Root.IsLoopback;

    public string Host => Root.IsDefaultPort ? Root.IdnHost : $"{Root.IdnHost}:{Root.Port}";

    /// <summary>
    /// Logs a warning if the address is not configured, because QR codes then contain a default address.
    /// </summary>
    public void WarnIfUnset(ILogger logger)
    {
        if (!IsConfigured)
            Log.Unset(logger, Root);
    }

    public string OfWindow(string code) => new Uri(Root, $"w/{code}").AbsoluteUri;

    public string OfHall(string hall) => new Uri(Root, $"h/{hall}").AbsoluteUri;

    private static string Reachable(string listening) =>
        listening
            .Replace("://+", "://localhost", StringComparison.Ordinal)
            .Replace("://*", "://localhost", StringComparison.Ordinal)
            .Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal)
            .Replace("://[::]", "://localhost", StringComparison.Ordinal);

    private static partial class Log
    {
        [LoggerMessage(
            9001,
            LogLevel.Warning,
            "ServiceEval__PublicUrl is not set. QR codes contain {Address}, which citizens may not be able to reach"
        )]
        public static partial void Unset(ILogger logger, Uri address);
    }
}
