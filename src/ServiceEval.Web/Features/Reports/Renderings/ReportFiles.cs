using System.Text;
using ServiceEval.Web.Features.Reports.Quotes;

namespace ServiceEval.Web.Features.Reports.Renderings;

/// <summary>A report as files for people, all rendered from its frozen JSON.</summary>
public sealed class ReportFiles(ReportPages pages, QuoteTexts quotes, BrowserPrinter printer, PrintedReports printed)
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    public const string XlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>Whether there is a browser; it may fail all the same.</summary>
    public bool CanPrint => printer.CanPrint;

    /// <summary>Why there is no PDF, or was none the last time; null while all is well.</summary>
    public string? PdfTrouble => printer.Trouble;

    /// <summary>With its fonts in it, so that it looks the same wherever it is opened.</summary>
    public async Task<ReportFile> HtmlAsync(WeeklyReport report) =>
        new(
            $"{report.Id}.html",
            "text/html; charset=utf-8",
            Encoding.UTF8.GetBytes(await pages.RenderAsync(report, selfContained: true))
        );

    public async Task<ReportFile> XlsxAsync(WeeklyReport report, CancellationToken ct) =>
        new($"{report.Id}.xlsx", XlsxType, ReportWorkbook.Write(report, await quotes.ReadAsync(report, ct)));

    /// <summary>The kept PDF, else one that is printed now, or the sentence that says why there is none.</summary>
    public async Task<(ReportFile? File, string? WhyNot)> PdfAsync(WeeklyReport report, CancellationToken ct)
    {
        var (pdf, whyNot) = await printed.GetAsync(report, ct);
        return (Pdf(report, pdf), whyNot);
    }

    /// <summary>Printed now and not kept: a command may run under another account than the service.</summary>
    public async Task<(ReportFile? File, string? WhyNot)> PrintAsync(WeeklyReport report, CancellationToken ct)
    {
        var (pdf, whyNot) = await printer.PrintAsync(await pages.RenderAsync(report, selfContained: true), ct);
        return (Pdf(report, pdf), whyNot);
    }

    /// <summary>
    /// For somebody who waits before a screen: it is there within a moment, or it is said how far it is.
    /// </summary>
    public async Task<(ReportFile? File, string? WhyNot, PdfProgress? Progress)> AskForPdfAsync(
        WeeklyReport report,
        CancellationToken ct
    )
    {
        var (pdf, whyNot, progress) = await printed.AskAsync(report, Moment, ct);
        return (Pdf(report, pdf), whyNot, progress);
    }

    /// <summary>What goes out with a mail, the one to read first.</summary>
    public async Task<IReadOnlyList<ReportFile>> ForMailAsync(WeeklyReport report, CancellationToken ct) =>
        [(await PdfAsync(report, ct)).File ?? await HtmlAsync(report), await XlsxAsync(report, ct)];

    private static ReportFile? Pdf(WeeklyReport report, byte[]? pdf) =>
        pdf is null ? null : new($"{report.Id}.pdf", "application/pdf", pdf);
}

/// <param name="Name">Without a folder.</param>
public sealed record ReportFile(string Name, string MediaType, byte[] Content);
