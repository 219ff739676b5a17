using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ServiceEval.Tests.Hosting;
using ServiceEval.Web.Features.Reports.Renderings;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Tests.Reports.Renderings;

/// <summary>
/// A script in a browser's place; <c>$pdf</c> is where it ought to print, and <c>$here</c> a folder of its own.
/// </summary>
internal sealed class FakeBrowser : IDisposable
{
    private readonly Folder _folder = new();

    public FakeBrowser(string script)
    {
        Path = System.IO.Path.Combine(_folder.Path, "chromium");
        File.WriteAllText(
            Path,
            $"#!/bin/sh\nhere='{_folder.Path}'\nfor a; do case $a in --print-to-pdf=*) pdf=${{a#*=}};; esac; done\n{script}\n"
        );
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public string Path { get; }

    public static BrowserPrinter Printer(string? path, TimeSpan? limit = null) =>
        new(new Browser(Options.Create(new ServiceEvalOptions { Browser = path })), NullLogger<BrowserPrinter>.Instance)
        {
            Limit = limit ?? TimeSpan.FromSeconds(60),
        };

    /// <summary>What the script has left in its folder.</summary>
    public string Left(string name) => File.ReadAllText(System.IO.Path.Combine(_folder.Path, name)).Trim();

    /// <summary>One that has ended and that nobody has asked about yet has no command line any more.</summary>
    public static bool IsRunning(string process) =>
        File.Exists($"/proc/{process}/cmdline") && File.ReadAllText($"/proc/{process}/cmdline").Length > 0;

    public void Dispose() => _folder.Dispose();
}
