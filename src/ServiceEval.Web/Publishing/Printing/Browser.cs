using Microsoft.Extensions.Options;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Publishing.Printing;

/// <summary>
/// Finds the system's Chromium or Edge. The search runs again each time, so that a browser that is installed later is
/// found without a restart.
/// </summary>
public sealed partial class Browser(IOptions<ServiceEvalOptions> options)
{
    private static readonly string[] Names =
    [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "microsoft-edge",
        "msedge",
    ];
    private static readonly string[] LinuxPlaces =
    [
        "/usr/bin",
        "/usr/local/bin",
        "/usr/lib/chromium",
        "/usr/lib64/chromium-browser",
        "/opt/google/chrome",
        "/opt/microsoft/msedge",
    ];
    private static readonly string[] WindowsPlaces =
    [
        @"Google\Chrome\Application\chrome.exe",
        @"Chromium\Application\chrome.exe",
        @"Microsoft\Edge\Application\msedge.exe",
    ];

    /// <summary>Returns the browser's path, or a sentence that says why there is none.</summary>
    public (string? Path, string? WhyNot) Find()
    {
        if (options.Value.Browser is { Length: > 0 } configured)
        {
            return File.Exists(configured)
                ? (Path.GetFullPath(configured), null)
                : (
                    null,
                    $"设置 ServiceEval__Browser 所指的“{configured}”不存在，不能生成PDF；请改正，或去掉这项设置，由程序自己查找。"
                );
        }
        return Candidates().FirstOrDefault(File.Exists) is { } found
            ? (found, null)
            : (
                null,
                "没有找到 Chromium 或 Edge，不能生成PDF；请安装其中之一，或用 ServiceEval__Browser 指明它的路径。"
            );
    }

    /// <summary>Logs a warning if the configured browser does not exist.</summary>
    public void WarnIfMissing(ILogger logger)
    {
        if (options.Value.Browser is { Length: > 0 } configured && Find().Path is null)
            Log.Missing(logger, configured);
    }

    private static IEnumerable<string> Candidates()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        if (!OperatingSystem.IsWindows())
            return path.Concat(LinuxPlaces).SelectMany(_ => Names, Path.Combine);

        Environment.SpecialFolder[] programs =
        [
            Environment.SpecialFolder.ProgramFiles,
            Environment.SpecialFolder.ProgramFilesX86,
            Environment.SpecialFolder.LocalApplicationData,
        ];
        return path.SelectMany(_ => Names, (folder, name) => Path.Combine(folder, $"{name}.exe"))
            .Concat(programs.Select(Environment.GetFolderPath).SelectMany(_ => WindowsPlaces, Path.Combine));
    }

    private static partial class Log
    {
        [LoggerMessage(
            4005,
            LogLevel.Warning,
            "ServiceEval__Browser is {Path}, but this file does not exist; reports have no PDF"
        )]
        public static partial void Missing(ILogger logger, string path);
    }
}
