using System.Text.RegularExpressions;
using ServiceEval.Core;

namespace ServiceEval.Setup;

/// <summary>
/// Merges the settings of the service: the existing ones, overridden by those that the operator asked for.
/// </summary>
internal static partial class ServiceSettings
{
    public const string Data = "ServiceEval__DataDirectory";
    public const string Logs = "ServiceEval__LogDirectory";
    public const string Backup = "ServiceEval__Backup__Directory";
    private const string PublicUrl = "ServiceEval__PublicUrl";
    private const string KnownProxy = "ServiceEval__KnownProxies__0";
    private const string Listen = "ASPNETCORE_URLS";

    private static readonly HashSet<string> Shown = new(StringComparer.Ordinal)
    {
        Data,
        Logs,
        Backup,
        PublicUrl,
        KnownProxy,
        Listen,
        "ServiceEval__Database",
        "ServiceEval__LogFormat",
        "ServiceEval__FloodFuse",
        "ServiceEval__Browser",
        "ServiceEval__Backup__At",
        "ServiceEval__Backup__Keep",
        "ServiceEval__Boards__BatchSize",
        "ServiceEval__Boards__MinimumN",
        "ServiceEval__Reports__MinimumN",
        "ServiceEval__Receipts__DetailWorkingDays",
        "ServiceEval__SecretsDirectory",
        "ASPNETCORE_HTTP_PORTS",
        "ASPNETCORE_ENVIRONMENT",
        "DOTNET_GCgen0size",
        "TZ",
    };

    /// <exception cref="OperatorException">An address is not valid, or a path contains forbidden characters or is a root
    /// directory.</exception>
    public static Dictionary<string, string> Merge(
        IReadOnlyDictionary<string, string> before,
        InstallWish wish,
        string defaultData
    )
    {
        var settings = new Dictionary<string, string>(before, StringComparer.Ordinal);
        if (wish.Data is not null || !settings.ContainsKey(Data))
            settings[Data] = Absolute(wish.Data ?? defaultData, "--data");
        // The logs are in the data directory unless somebody moved them by hand.
        if (wish.Data is not null || !settings.ContainsKey(Logs))
            settings[Logs] = Path.Combine(settings[Data], "logs");
        if (wish.Backup is not null)
            settings[Backup] = Absolute(wish.Backup, "--backup");
        if (wish.Url is not null)
            SetAddress(settings, wish.Url);
        settings.TryAdd(Listen, DefaultAddress.Url);
        return settings;
    }

    /// <summary>
    /// Masks the values for a screen or a log, which must not contain passwords. Only settings on a list of harmless
    /// names are shown. A list of secret names would miss the next secret, such as a token in an OTLP header.
    /// </summary>
    public static Dictionary<string, string> Masked(IReadOnlyDictionary<string, string> settings) =>
        settings.ToDictionary(
            s => s.Key,
            s => Shown.Contains(s.Key) && Harmless().IsMatch(s.Value) ? s.Value : "（不显示）"
        );

    /// <summary>
    /// Returns why this directory must not become the data directory. The installation changes the ownership of all
    /// files below it, so it must not contain anything else.
    /// </summary>
    public static string? WhyNotData(string directory)
    {
        try
        {
            return
                Directory.Exists(directory)
                && Directory.EnumerateFileSystemEntries(directory).Any()
                && !((string[])["serviceeval.db", "heads.log"]).Any(name => File.Exists(Path.Combine(directory, name)))
                ? $"目录 {directory} 里有别的内容，不能当作数据目录，请用 --data 另指一处空目录。"
                : null;
        }
        catch (UnauthorizedAccessException)
        {
            return $"看不到 {directory} 的内容，请用 {(OperatingSystem.IsWindows() ? "管理员身份" : "sudo")} 运行。";
        }
    }

    /// <summary>Returns one sentence for each setting that the operator has not given yet.</summary>
    public static IEnumerable<string> Missing(IReadOnlyDictionary<string, string> settings)
    {
        if (!settings.ContainsKey(PublicUrl))
            yield return $"还没有设置群众访问的网址，二维码里会是 {settings[Listen]}，手机打不开：请再运行 service install --url 网址，然后再打印评价码。";
        if (!settings.ContainsKey(Backup))
            yield return "还没有设置每夜备份：请再运行 service install --backup 目录。";
    }

    /// <summary>
    /// Sets the public address. An https address means that citizens come through a reverse proxy. The proxy is assumed
    /// to be on this machine until another is configured.
    /// </summary>
    private static void SetAddress(Dictionary<string, string> settings, string url)
    {
        if (!RootAddress.Is(url))
            throw Usage(
                $"--url 应为不带空格、路径和参数的完整网址，如 https://hcp.example.gov.cn 或 http://192.168.1.10:5080，现在是“{url.ReplaceLineEndings("␤")}”。"
            );
        var address = new Uri(url);
        settings[PublicUrl] = url.TrimEnd('/');
        if (address.Scheme == Uri.UriSchemeHttps)
        {
            settings[Listen] = DefaultAddress.Url;
            settings.TryAdd(KnownProxy, "127.0.0.1");
        }
        else
        {
            settings[Listen] = address.IsLoopback ? $"http://127.0.0.1:{address.Port}" : $"http://*:{address.Port}";
        }
    }

    private static string Absolute(string path, string option)
    {
        if (path.Any(char.IsControl) || path.Contains('"', StringComparison.Ordinal))
            throw Usage($"{option} 的路径中有不能用的字符。");
        var full = Path.GetFullPath(path);
        return Path.GetPathRoot(full) == full
            ? throw Usage($"{option} 应为专用的目录，不能是 {full}。")
            : Path.TrimEndingDirectorySeparator(full);
    }

    private static OperatorException Usage(string sentence) => new(sentence) { IsUsage = true };

    /// <summary>Matches paths, addresses without a user, numbers and words, all on one line.</summary>
    [GeneratedRegex("^[^@=\\p{Cc}]*$")]
    private static partial Regex Harmless();
}
