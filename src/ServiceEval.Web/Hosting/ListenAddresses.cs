namespace ServiceEval.Web.Hosting;

/// <summary>Where the program listens, asked before it does: QR codes and simulated citizens need it too.</summary>
public static class ListenAddresses
{
    public const string Default = "http://127.0.0.1:5080";

    /// <summary>ASPNETCORE_URLS, else every ASPNETCORE_HTTP_PORTS and HTTPS_PORTS, else the one default.</summary>
    /// <exception cref="StartException">One of them is none.</exception>
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
                    : throw new StartException($"ASPNETCORE_{key.ToUpperInvariant()} 中的“{port}”不是端口号。")
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
            // Said below.
        }
        throw new StartException($"ASPNETCORE_URLS 中的“{SettingText.Visible(url)}”不是监听地址，应如 {Default}。");
    }

    /// <summary>
    /// What is no port is read as part of the host, and would be refused only once it is listened on.
    /// </summary>
    private static bool IsPlace(BindingAddress address) =>
        address.Port is >= 0 and <= ushort.MaxValue
        && (address.Host is "+" or "*" || Uri.CheckHostName(address.Host) != UriHostNameType.Unknown);

    /// <summary>The server reads the setting as it is, blanks and ends of lines included.</summary>
    private static bool IsUnseen(char c) => char.IsWhiteSpace(c) || char.IsControl(c);

    private static string[] Split(string? list) =>
        list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
