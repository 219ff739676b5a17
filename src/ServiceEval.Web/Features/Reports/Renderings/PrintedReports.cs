using System.Collections.Concurrent;
using ServiceEval.Web.Features.Reports.Quotes;

namespace ServiceEval.Web.Features.Reports.Renderings;

/// <summary>
/// Reports as PDF: the kept one at once, or one that is printed for all who ask meanwhile. Nobody who goes away stops
/// it.
/// </summary>
public sealed class PrintedReports(
    ReportPages pages,
    QuoteTexts quotes,
    BrowserPrinter printer,
    KeptPdfs kept,
    IHostApplicationLifetime lifetime,
    TimeProvider time
)
{
    private readonly ConcurrentDictionary<string, Lazy<Printing>> _printings = [];

    /// <summary>Waits for it.</summary>
    public async Task<(byte[]? Pdf, string? WhyNot)> GetAsync(WeeklyReport report, CancellationToken ct)
    {
        var name = await NameAsync(report, ct);
        if (await kept.FindAsync(name, ct) is { } pdf)
            return (pdf, null);
        var printing = Begin(name, report);
        return await printing.Done.WaitAsync(ct);
    }

    /// <summary>
    /// Waits for a moment only: if the report is still being printed then, the answer is its progress.
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

    /// <summary>What it is kept under.</summary>
    public async Task<string> NameAsync(WeeklyReport report, CancellationToken ct) =>
        KeptPdfs.NameOf(report, await quotes.ReadAsync(report, ct));

    private Printing Begin(string name, WeeklyReport report) =>
        _printings.GetOrAdd(name, _ => new(() => new(PrintAsync(name, report), time.GetTimestamp()))).Value;

    /// <summary>
    /// Once it has ended it is forgotten: a PDF is kept on the disk by then, and what failed is tried again when it is
    /// asked for.
    /// </summary>
    private async Task<(byte[]? Pdf, string? WhyNot)> PrintAsync(string name, WeeklyReport report)
    {
        // After the entry is in the dictionary, or it could not be removed from it.
        await Task.Yield();
        try
        {
            var stopping = lifetime.ApplicationStopping;
            var (pdf, whyNot) = await printer.PrintAsync(
                await pages.RenderAsync(report, selfContained: true),
                stopping
            );
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

/// <summary>One of the three.</summary>
public sealed record PdfAnswer(byte[]? Pdf, string? WhyNot, PdfProgress? Progress);

/// <param name="Ahead">How many are printed before it.</param>
public sealed record PdfProgress(TimeSpan Elapsed, int Ahead);
