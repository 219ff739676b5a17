using System.Text;
using ServiceEval.Web.Components;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports.Mail;
using ServiceEval.Web.Features.Reports.Pages;
using ServiceEval.Web.Features.Reports.Quotes;
using ServiceEval.Web.Features.Reports.Renderings;
using ServiceEval.Web.Http;
using ServiceEval.Web.Publishing.Typefaces;

namespace ServiceEval.Web.Features.Reports;

/// <summary>
/// Renders reports as pages that print on A4. The style is inside the page. A page that stands alone also contains the
/// fonts.
/// </summary>
public sealed class ReportPages(
    PageRenderer renderer,
    HallDirectory directory,
    QuoteTexts quotes,
    ReportFonts fonts,
    TimeProvider time
)
{
    internal static readonly string Style = PageRenderer.Asset("report.css");

    // This placeholder is replaced last, because the characters that the fonts need are known only after the page is
    // rendered.
    private const string FontsHere = "/*fonts*/";

    /// <param name="selfContained">If true, the fonts are inside the page, for files. If false, the page links to the
    /// fonts of this host.</param>
    public async Task<string> RenderAsync(WeeklyReport report, bool selfContained = false) =>
        (await RenderAsync(report, selfContained ? fonts.Embedded : fonts.Linked)).Html;

    public async Task<IResult> ShowAsync(WeeklyReport report, HttpContext http)
    {
        var (html, styles) = await RenderAsync(report, fonts.Linked);
        return Answer(http, html, styles);
    }

    public async Task<IResult> ListAsync(
        IReadOnlyList<ReportLine> reports,
        ReportFiles files,
        MailView? mails,
        HttpContext http
    )
    {
        var page = await renderer.RenderAsync<ReportListPage>(
            (nameof(ReportListPage.Reports), reports),
            (nameof(ReportListPage.Style), FontsHere + Style),
            (nameof(ReportListPage.Files), files),
            (nameof(ReportListPage.Mails), mails),
            (nameof(ReportListPage.Directory), directory.Current),
            (nameof(ReportListPage.Now), time.GetUtcNow())
        );
        var rules = fonts.Linked(page);
        return Answer(http, page.Replace(FontsHere, rules, StringComparison.Ordinal), rules + Style);
    }

    /// <summary>
    /// Shows a page while the report's PDF is being printed. The page sends the request again by itself until the
    /// answer is the file.
    /// </summary>
    public async Task<IResult> ShowPrintingAsync(WeeklyReport report, PdfProgress progress, HttpContext http)
    {
        var page = await renderer.RenderAsync<PrintingPage>(
            (nameof(PrintingPage.Report), report),
            (nameof(PrintingPage.Progress), progress),
            (nameof(PrintingPage.Style), FontsHere + Style)
        );
        var rules = fonts.Linked(page);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        return Answer(http, page.Replace(FontsHere, rules, StringComparison.Ordinal), rules + Style);
    }

    private async Task<(string Html, string[] Styles)> RenderAsync(WeeklyReport report, Func<string, string> fontsOf)
    {
        var view = new ReportView(report, await quotes.ReadAsync(report));
        var page = await renderer.RenderAsync<ReportPage>(
            (nameof(ReportPage.View), view),
            (nameof(ReportPage.Style), FontsHere + Style),
            (nameof(ReportPage.PageStyle), PageStyle(report))
        );
        var rules = fontsOf(page);
        return (page.Replace(FontsHere, rules, StringComparison.Ordinal), [rules + Style, PageStyle(report)]);
    }

    /// <summary>
    /// Returns the style that prints the report's id on each sheet, because sheets get out of order. The page number is
    /// in <c>report.css</c>.
    /// </summary>
    private static string PageStyle(WeeklyReport report) => $"@page{{@bottom-left{{content:\"{Escape(report.Id)}\"}}}}";

    /// <summary>
    /// Escapes a text for a CSS string that is also safe in HTML. The county chooses the code of its scope.
    /// </summary>
    private static string Escape(string text) =>
        string.Concat(
            text.EnumerateRunes()
                .Select(r =>
                    r.IsAscii && (Rune.IsLetterOrDigit(r) || r.Value == '-') ? r.ToString() : $"\\{r.Value:x} "
                )
        );

    private static IResult Answer(HttpContext http, string html, params string[] styles)
    {
        http.Response.Headers.ContentSecurityPolicy = ContentPolicy.OfDocument(styles);
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return Results.Content(html, "text/html; charset=utf-8", statusCode: http.Response.StatusCode);
    }
}
