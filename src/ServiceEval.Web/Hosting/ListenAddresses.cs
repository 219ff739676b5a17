using ServiceEval.Core;

namespace ServiceEval.Web.Hosting;

/// <summary>
/// The addresses on which the program listens. They are read before it listens, because QR codes and the simulation
/// need them too.
/// </summary>
public static class ListenAddresses
{
    public const string Default = DefaultAddress.Url;

    /// <summary>
    /// Returns ASPNETCORE_URLS. If it is not set, returns all of ASPNETCORE_HTTP_PORTS and HTTPS_PORTS. If these are
    /// not set either, returns the default.
    /// </summary>
    /// <exception cref="OperatorException">An address or a port is not valid.</exception>
    public static IReadOnlyList<string> Of(IConfiguration configuration)
    {
        if (
            configuration[WebHostDefaults.ServerUrlsKey]?.Split(';', StringSplitOptions.RemoveEmptyEntries) is
            { Length: > 0 } urls
        )
            return [.. urls.Select(Checked)];
        string[] ports =
        [
            .. Ports(configuration, WebHostDefaults.HttpPortsKey, "http"),
            .. Ports(configuration, WebHostDefaults.HttpsPortsKey, "https"),
        ];
        return ports.Length > 0 ? ports : [Default];
    }

    private static IEnumerable<string> Ports(IConfiguration configuration, string key, string scheme) =>
        Split(configuration[key])
            .Select(port =>
                ushort.TryParse(port, out _)
                    ? $"{scheme}://+:{port}"
                    : throw new OperatorException($"ASPNETCORE_{key.ToUpperInvariant()} 中的“{port}”不是端口号。")
            );

    private static string Checked(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            if (
                address.Scheme is "http" or "https"
                && (address.IsUnixPipe || (address.PathBase.Length == 0 && IsPlace(address)))
                && !url.Any(IsUnseen)
            )
                return url;
        }
        catch (FormatException)
        {
            // The exception below reports it.
        }
        throw new OperatorException($"ASPNETCORE_URLS 中的“{SettingText.Visible(url)}”不是监听地址，应如 {Default}。");
    }

    /// <summary>
    /// Returns whether port and host are valid. The parser reads an invalid port as a part of the host, and the server
    /// would refuse it only when it starts to listen.
    /// </summary>
    private static bool IsPlace(BindingAddress address) =>
        address.Port is >= 0 and <= ushort.MaxValue
        && (address.Host is "+" or "*" || Uri.CheckHostName(address.Host) != UriHostNameType.Unknown);

    /// <summary>Finds whitespace and control characters, because the server does not trim the setting.</summary>
    private static bool IsUnseen(char c) => char.IsWhiteSpace(c) || char.IsControl(c);

    private static string[] Split(string? list) =>
        list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
