using Microsoft.AspNetCore.SignalR;
using StackExchange.Redis;

namespace ServiceEval.Web.Hosting.Nodes;

/// <summary>
/// The SignalR backplane on Redis, by which one node pushes to the screens of all nodes. A lost message does no harm,
/// because screens also poll.
/// </summary>
internal static class Backplane
{
    private const string Setting = ServiceEvalOptions.Section + ":" + nameof(ServiceEvalOptions.Redis);
    private const int ConnectMilliseconds = 2_000;

    public static void AddBackplane(this ISignalRServerBuilder signalR, IConfiguration configuration)
    {
        // An invalid setting is reported later, when all settings are validated together.
        if (configuration[Setting] is not { Length: > 0 } text || FaultOf(text) is not null)
            return;
        signalR.AddStackExchangeRedis(redis => redis.Configuration = Parse(text));
    }

    /// <summary>Returns one sentence about the error in the setting; null if the setting is valid.</summary>
    public static string? FaultOf(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        try
        {
            if (Parse(text).EndPoints.Count > 0)
                return null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            // The sentence below reports it. The exception is not quoted, because the connection string may contain a
            // password.
        }
        return "ServiceEval__Redis 无法识别，应如 127.0.0.1:6379,password=口令。";
    }

    /// <summary>
    /// Parses the setting. Redis may be unavailable, even at the start, because ratings do not need it. A push fails at
    /// once if Redis is unavailable.
    /// </summary>
    public static ConfigurationOptions Parse(string text)
    {
        var options = ConfigurationOptions.Parse(text);
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = ConnectMilliseconds;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ClientName ??= "ServiceEval";
        return options;
    }
}
