using System.Diagnostics;
using Microsoft.Extensions.Options;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Publishing.Printing;

namespace ServiceEval.Benchmarks.Servers;

/// <summary>A hall screen in service: the system's browser with the real page.</summary>
internal sealed class ScreenProcess : IAsyncDisposable
{
    private readonly string _profile = Directory.CreateTempSubdirectory("serviceeval-screen-").FullName;
    private readonly Process _browser;

    /// <exception cref="InvalidOperationException">There is no browser.</exception>
    public ScreenProcess(Uri page)
    {
        var (path, whyNot) = new Browser(Options.Create(new ServiceEvalOptions())).Find();
        var start = new ProcessStartInfo(
            path ?? throw new InvalidOperationException(whyNot),
            [
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                $"--user-data-dir={_profile}",
                page.AbsoluteUri,
            ]
        )
        {
            RedirectStandardError = true,
        };
        _browser = Process.Start(start)!;
        _browser.ErrorDataReceived += (_, _) => { };
        _browser.BeginErrorReadLine();
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Kill(entireProcessTree: true);
        await _browser.WaitForExitAsync();
        _browser.Dispose();
        Directory.Delete(_profile, recursive: true);
    }
}
