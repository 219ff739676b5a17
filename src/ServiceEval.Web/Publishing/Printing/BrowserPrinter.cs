using System.ComponentModel;
using System.Security.Cryptography;
using System.Text;
using ServiceEval.Web.Features.Reports.Renderings;

namespace ServiceEval.Web.Publishing.Printing;

/// <summary>
/// Prints pages to PDF, one at a time. Only the last PDF stays in memory, and it is returned only for an identical
/// page. <see cref="KeptPdfs"/> has the other PDFs.
/// </summary>
public sealed partial class BrowserPrinter(Browser browser, ILogger<BrowserPrinter> logger) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private (byte[] Page, byte[] Pdf)? _last;
    private string? _failure;

    internal TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(60);

    public bool CanPrint => browser.Find().Path is not null;

    /// <summary>A sentence that says why there is no PDF. Null if there is no problem.</summary>
    public string? Trouble => browser.Find().WhyNot ?? _failure;

    /// <summary>Returns the PDF, or a sentence that says why there is none.</summary>
    public async Task<(byte[]? Pdf, string? WhyNot)> PrintAsync(string html, CancellationToken ct)
    {
        var (path, whyNot) = browser.Find();
        if (path is null)
            return (null, whyNot);
        var page = SHA256.HashData(Encoding.UTF8.GetBytes(html));
        await _one.WaitAsync(ct);
        try
        {
            if (_last is { } last && last.Page.AsSpan().SequenceEqual(page))
                return (last.Pdf, null);
            _last = null;
            var pdf = await RunAsync(path, html, ct);
            _last = pdf is null ? null : (page, pdf);
            return (pdf, _failure);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<byte[]?> RunAsync(string path, string html, CancellationToken ct)
    {
        try
        {
            await using var run = new BrowserRun(path);
            var pdf = await run.PrintAsync(html, Limit, ct);
            _failure = null;
            return pdf;
        }
        catch (TimeoutException)
        {
            Log.TookTooLong(logger, path, Limit.TotalSeconds);
            _failure = $"浏览器没有在{Limit.TotalSeconds:0}秒内打印完，这次没有生成PDF，请稍后再试。";
        }
        catch (Exception e)
            when (e is Win32Exception or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            Log.Failed(logger, e, path);
            _failure = "浏览器没有打印成功，这次没有生成PDF，原因见日志。";
        }
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(4003, LogLevel.Warning, "{Path} did not print a report within {Seconds} s and was stopped")]
        public static partial void TookTooLong(ILogger logger, string path, double seconds);

        [LoggerMessage(4004, LogLevel.Warning, "{Path} did not print a report")]
        public static partial void Failed(ILogger logger, Exception exception, string path);
    }
}
