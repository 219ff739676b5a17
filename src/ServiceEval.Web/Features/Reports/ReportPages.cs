using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Mail;
using ServiceEval.Web.Features.Reports.Pages;
using ServiceEval.Web.Features.Reports.Renderings;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Reports;

/// <summary>Answers with reports, with their list, or with the progress of a PDF.</summary>
public sealed class ReportPages(ReportHtml html, HallDirectory directory, TimeProvider time)
{
    public async Task<IResult> ShowAsync(WeeklyReport report, HttpContext http) =>
        Answer(http, await html.RenderLinkedAsync(report));

    public async Task<IResult> ListAsync(
        IReadOnlyList<ReportLine> reports,
        ReportFiles files,
        MailView? mails,
        HttpContext http
    ) =>
        Answer(
            http,
            await html.RenderLinkedAsync<ReportListPage>(
                (nameof(ReportListPage.Reports), reports),
                (nameof(ReportListPage.Files), files),
                (nameof(ReportListPage.Mails), mails),
                (nameof(ReportListPage.Directory), directory.Current),
                (nameof(ReportListPage.Now), time.GetUtcNow())
            )
        );

    /// <summary>
    /// Shows a page while the report's PDF is being printed. The page sends the request again by itself until the
    /// answer is the file.
    /// </summary>
    public async Task<IResult> ShowPrintingAsync(WeeklyReport report, PdfProgress progress, HttpContext http)
    {
        var page = await html.RenderLinkedAsync<PrintingPage>(
            (nameof(PrintingPage.Report), report),
            (nameof(PrintingPage.Progress), progress)
        );
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        return Answer(http, page);
    }

    private static IResult Answer(HttpContext http, (string Html, string[] Styles) page)
    {
        http.Response.Headers.ContentSecurityPolicy = ContentPolicy.OfDocument(page.Styles);
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return Results.Content(page.Html, "text/html; charset=utf-8", statusCode: http.Response.StatusCode);
    }
}
