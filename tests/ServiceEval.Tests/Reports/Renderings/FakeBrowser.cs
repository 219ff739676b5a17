using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ServiceEval.Tests.Hosting;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Publishing.Printing;

namespace ServiceEval.Tests.Reports.Renderings;

/// <summary>
/// A script in place of a browser. <c>$pdf</c> is the path of the PDF, and <c>$here</c> is a folder for the script.
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

    /// <summary>Returns the text of a file that the script left in its folder.</summary>
    public string Left(string name) => File.ReadAllText(System.IO.Path.Combine(_folder.Path, name)).Trim();

    /// <summary>
    /// Returns whether the process runs. A zombie, which has ended and whose parent has not read its exit code, has no
    /// command line.
    /// </summary>
    public static bool IsRunning(string process) =>
        File.Exists($"/proc/{process}/cmdline") && File.ReadAllText($"/proc/{process}/cmdline").Length > 0;

    public void Dispose() => _folder.Dispose();
}
