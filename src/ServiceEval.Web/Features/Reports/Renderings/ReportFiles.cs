using System.Text;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Pages;
using ServiceEval.Web.Features.Reports.Quotes;
using ServiceEval.Web.Publishing.Printing;
using ServiceEval.Web.Publishing.Typefaces;

namespace ServiceEval.Web.Features.Reports.Renderings;

/// <summary>Renders a report as files for people. All files are rendered from its frozen JSON.</summary>
public sealed class ReportFiles(ReportHtml html, QuoteTexts quotes, BrowserPrinter printer, PrintedReports printed)
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    public const string XlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>Whether there is a browser. A print job can still fail.</summary>
    public bool CanPrint => printer.CanPrint;

    /// <summary>
    /// The reason why there is no PDF, or why the last print job failed. Null if there is no problem.
    /// </summary>
    public string? PdfTrouble => printer.Trouble;

    /// <summary>Renders the page with its fonts inside, so that it looks the same on every computer.</summary>
    public async Task<ReportFile> HtmlAsync(WeeklyReport report) =>
        new(
            $"{report.Id}.html",
            "text/html; charset=utf-8",
            Encoding.UTF8.GetBytes(await html.RenderAsync(report, FontSource.System))
        );

    public async Task<ReportFile> XlsxAsync(WeeklyReport report, CancellationToken ct) =>
        new($"{report.Id}.xlsx", XlsxType, ReportWorkbook.Write(report, await quotes.ReadAsync(report, ct)));

    /// <summary>
    /// Returns the stored PDF, or else prints the report now. If there is no PDF, returns a sentence that says why.
    /// </summary>
    public async Task<(ReportFile? File, string? WhyNot)> PdfAsync(WeeklyReport report, CancellationToken ct)
    {
        var (pdf, whyNot) = await printed.GetAsync(report, ct);
        return (Pdf(report, pdf), whyNot);
    }

    /// <summary>
    /// Prints the report now and does not store the PDF, because a command may run under another account than the
    /// service.
    /// </summary>
    public async Task<(ReportFile? File, string? WhyNot)> PrintAsync(WeeklyReport report, CancellationToken ct)
    {
        var (pdf, whyNot) = await printer.PrintAsync(await html.RenderAsync(report, FontSource.Page), ct);
        return (Pdf(report, pdf), whyNot);
    }

    /// <summary>
    /// Returns the PDF if it is ready within a moment, or else the progress. This is for a person who waits at a
    /// screen.
    /// </summary>
    public async Task<(ReportFile? File, string? WhyNot, PdfProgress? Progress)> AskForPdfAsync(
        WeeklyReport report,
        CancellationToken ct
    )
    {
        var (pdf, whyNot, progress) = await printed.AskAsync(report, Moment, ct);
        return (Pdf(report, pdf), whyNot, progress);
    }

    /// <summary>Returns the attachments of a mail. The first attachment is the one to read first.</summary>
    public async Task<IReadOnlyList<ReportFile>> ForMailAsync(WeeklyReport report, CancellationToken ct) =>
        [(await PdfAsync(report, ct)).File ?? await HtmlAsync(report), await XlsxAsync(report, ct)];

    private static ReportFile? Pdf(WeeklyReport report, byte[]? pdf) =>
        pdf is null ? null : new($"{report.Id}.pdf", "application/pdf", pdf);
}

/// <param name="Name">The file name without a folder.</param>
public sealed record ReportFile(string Name, string MediaType, byte[] Content);
