using Microsoft.AspNetCore.SignalR;
using StackExchange.Redis;

namespace ServiceEval.Web.Hosting.Nodes;

/// <summary>
/// By Redis one node tells the screens of all. It bears nothing that would be missed: screens also pull.
/// </summary>
internal static class Backplane
{
    private const string Setting = ServiceEvalOptions.Section + ":" + nameof(ServiceEvalOptions.Redis);
    private const int ConnectMilliseconds = 2_000;

    public static void AddBackplane(this ISignalRServerBuilder signalR, IConfiguration configuration)
    {
        // What can't be read is told when all settings are looked at together.
        if (configuration[Setting] is not { Length: > 0 } text || FaultOf(text) is not null)
            return;
        signalR.AddStackExchangeRedis(redis => redis.Configuration = Parse(text));
    }

    /// <summary>One sentence on what is wrong with the setting; null if it can be used.</summary>
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
            // Said below; the string itself may hold a password.
        }
        return "ServiceEval__Redis 无法识别，应如 127.0.0.1:6379,password=口令。";
    }

    /// <summary>
    /// Redis may be away, at the start too: ratings don't need it, and a push that nobody takes is told at once.
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
