using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using ServiceEval.Core.Files;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Publishing.Printing;

/// <summary>
/// Runs one browser process for one print job. The browser has its own profile in a folder that no other account can
/// read, and it has no network.
/// </summary>
internal sealed class BrowserRun(string path) : IAsyncDisposable
{
    private const string Policy = $"""<meta http-equiv="Content-Security-Policy" content="{ContentPolicy.Printed}">""";

    private static readonly string[] Arguments =
    [
        "--headless",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-extensions",
        "--disable-breakpad",
        "--no-pdf-header-footer",
        // Loopback requests also go to a proxy that does not exist.
        "--proxy-server=127.0.0.1:9",
        "--proxy-bypass-list=<-loopback>",
        "--host-resolver-rules=MAP * ~NOTFOUND",
    ];

    private readonly TemporaryFolder _folder = TemporaryFolder.ForPrinting();

    /// <exception cref="TimeoutException">The browser did not finish in time and was stopped.</exception>
    /// <exception cref="IOException">The browser ended without a PDF.</exception>
    public async Task<byte[]> PrintAsync(string html, TimeSpan limit, CancellationToken ct)
    {
        var (page, pdf) = (Path.Combine(_folder.Path, "report.html"), Path.Combine(_folder.Path, "report.pdf"));
        await File.WriteAllTextAsync(page, Closed(html), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), ct);
        using var process =
            Process.Start(Command(page, pdf)) ?? throw new InvalidOperationException("The browser did not start.");
        GiveWay(process);
        var errors = new StringBuilder();
        // The output is read, because a full pipe would stop the browser. The tasks are not awaited, because a helper
        // process that outlives the browser keeps the pipe open.
        _ = DrainAsync(process.StandardOutput, null);
        _ = DrainAsync(process.StandardError, errors);
        await EndAsync(process, limit, ct);
        if (
            process.ExitCode == 0
            && File.Exists(pdf)
            && await File.ReadAllBytesAsync(pdf, ct) is var bytes
            && bytes.AsSpan().StartsWith("%PDF-"u8)
        )
            return bytes;
        lock (errors)
            throw new IOException(
                string.Create(CultureInfo.InvariantCulture, $"Exit code {process.ExitCode}: {errors}")
            );
    }

    public ValueTask DisposeAsync() => _folder.DisposeAsync();

    /// <summary>
    /// Lowers the browser's priority. Citizens' ratings are more important than a print job that perhaps no one waits
    /// for.
    /// </summary>
    private static void GiveWay(Process process)
    {
        try
        {
            process.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            // The process has ended already, or the system does not allow the change.
        }
    }

    private static string Closed(string html)
    {
        const string Head = "<head>";
        var at = html.IndexOf(Head, StringComparison.Ordinal);
        return at < 0
            ? throw new InvalidOperationException("The page has no head for its policy.")
            : html.Insert(at + Head.Length, Policy);
    }

    private ProcessStartInfo Command(string page, string pdf)
    {
        var start = new ProcessStartInfo(
            path,
            [.. Arguments, $"--user-data-dir={Path.Combine(_folder.Path, "profile")}", $"--print-to-pdf={pdf}"]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
        };
        // Chromium refuses to run as root with its sandbox.
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess)
            start.ArgumentList.Add("--no-sandbox");
        start.ArgumentList.Add(new Uri(page).AbsoluteUri);
        // Our settings contain passwords, and the browser does not need them.
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
            start.Environment.Remove(name);
        foreach (var name in (string[])["HOME", "TMPDIR"])
            start.Environment[name] = _folder.Path;
        return start;
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("ServiceEval", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ConnectionStrings", StringComparison.OrdinalIgnoreCase);

    private static async Task EndAsync(Process process, TimeSpan limit, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(limit);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            ct.ThrowIfCancellationRequested();
            throw new TimeoutException();
        }
    }

    /// <param name="last">Keeps the last characters of the output.</param>
    private static async Task DrainAsync(StreamReader from, StringBuilder? last)
    {
        const int Kept = 2000;
        var buffer = new char[1024];
        int read;
        while ((read = await from.ReadAsync(buffer)) > 0)
        {
            if (last is null)
                continue;
            lock (last)
            {
                last.Append(buffer, 0, read);
                if (last.Length > Kept)
                    last.Remove(0, last.Length - Kept);
            }
        }
    }
}
