using System.Security.Cryptography;
using System.Text;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Ratings.Pages;
using ServiceEval.Web.Features.Reports.Mail;
using ServiceEval.Web.Features.Reports.Pages;
using ServiceEval.Web.Features.Reports.Quotes;
using ServiceEval.Web.Features.Reports.Renderings;
using ServiceEval.Web.Features.Reports.Typefaces;

namespace ServiceEval.Web.Features.Reports;

/// <summary>
/// Reports as pages that print on A4: the style is in the page, and in a page that stands alone the fonts too.
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

    // Filled in last, for which characters the fonts need is not known before the page is.
    private const string FontsHere = "/*fonts*/";

    /// <param name="selfContained">With the fonts inside, for files; a page that this host serves links to
    /// them.</param>
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
    /// While its PDF is being printed: the page asks again by itself, and the answer then is the file.
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

    /// <summary>Sheets get out of order: each bears the report's name and its number.</summary>
    private static string PageStyle(WeeklyReport report) => $"@page{{@bottom-left{{content:\"{Escape(report.Id)}\"}}}}";

    /// <summary>For a string of CSS, and safe in HTML too: the scope's code is the county's own.</summary>
    private static string Escape(string text) =>
        string.Concat(
            text.EnumerateRunes()
                .Select(r =>
                    r.IsAscii && (Rune.IsLetterOrDigit(r) || r.Value == '-') ? r.ToString() : $"\\{r.Value:x} "
                )
        );

    private static IResult Answer(HttpContext http, string html, params string[] styles)
    {
        var hashes = string.Join(
            ' ',
            styles.Select(style => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'")
        );
        http.Response.Headers.CacheControl = "no-store, private";
        http.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src {hashes}; font-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return Results.Content(html, "text/html; charset=utf-8", statusCode: http.Response.StatusCode);
    }
}
