using System.Collections.Concurrent;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Pages;
using ServiceEval.Web.Features.Reports.Quotes;
using ServiceEval.Web.Publishing.Printing;
using ServiceEval.Web.Publishing.Typefaces;

namespace ServiceEval.Web.Features.Reports.Renderings;

/// <summary>
/// Returns reports as PDF. A stored PDF is returned at once. Otherwise one print job serves all requests that arrive
/// during it. A client that disconnects does not stop the print job.
/// </summary>
public sealed class PrintedReports(
    ReportHtml html,
    QuoteTexts quotes,
    BrowserPrinter printer,
    KeptPdfs kept,
    IHostApplicationLifetime lifetime,
    TimeProvider time
)
{
    private readonly ConcurrentDictionary<string, Lazy<Printing>> _printings = [];

    /// <summary>Returns the PDF. Waits until it is printed.</summary>
    public async Task<(byte[]? Pdf, string? WhyNot)> GetAsync(WeeklyReport report, CancellationToken ct)
    {
        var name = await NameAsync(report, ct);
        if (await kept.FindAsync(name, ct) is { } pdf)
            return (pdf, null);
        var printing = Begin(name, report);
        return await printing.Done.WaitAsync(ct);
    }

    /// <summary>
    /// Waits for a moment only. If the report is still being printed then, the answer is its progress.
    /// </summary>
    public async Task<PdfAnswer> AskAsync(WeeklyReport report, TimeSpan patience, CancellationToken ct)
    {
        var name = await NameAsync(report, ct);
        if (await kept.FindAsync(name, ct) is { } pdf)
            return new(pdf, null, null);
        var printing = Begin(name, report);
        try
        {
            var (printed, whyNot) = await printing.Done.WaitAsync(patience, TimeProvider.System, ct);
            return new(printed, whyNot, null);
        }
        catch (TimeoutException)
        {
            var ahead = _printings.Values.Count(p => p.Value.Since < printing.Since && !p.Value.Done.IsCompleted);
            return new(null, null, new PdfProgress(time.GetElapsedTime(printing.Since), ahead));
        }
    }

    /// <summary>Returns the name under which the PDF is stored.</summary>
    public async Task<string> NameAsync(WeeklyReport report, CancellationToken ct) =>
        KeptPdfs.NameOf(report, await quotes.ReadAsync(report, ct));

    private Printing Begin(string name, WeeklyReport report) =>
        _printings.GetOrAdd(name, _ => new(() => new(PrintAsync(name, report), time.GetTimestamp()))).Value;

    /// <summary>
    /// Prints the report and removes the entry at the end. By then the PDF is stored on disk. A failed print job is
    /// tried again at the next request.
    /// </summary>
    private async Task<(byte[]? Pdf, string? WhyNot)> PrintAsync(string name, WeeklyReport report)
    {
        // Without this yield, the entry could be removed before it is in the dictionary, and then it would stay there.
        await Task.Yield();
        try
        {
            var stopping = lifetime.ApplicationStopping;
            var (pdf, whyNot) = await printer.PrintAsync(await html.RenderAsync(report, FontSource.Page), stopping);
            if (pdf is not null)
                await kept.KeepAsync(name, pdf, stopping);
            return (pdf, whyNot);
        }
        finally
        {
            _printings.TryRemove(name, out _);
        }
    }

    private sealed record Printing(Task<(byte[]? Pdf, string? WhyNot)> Done, long Since);
}

/// <summary>Exactly one of the three is set.</summary>
public sealed record PdfAnswer(byte[]? Pdf, string? WhyNot, PdfProgress? Progress);

/// <param name="Ahead">The number of reports that are printed before this one.</param>
public sealed record PdfProgress(TimeSpan Elapsed, int Ahead);
