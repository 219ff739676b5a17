using System.Security.Cryptography;
using System.Text;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Ratings.Pages;
using ServiceEval.Web.Features.Reports.Mail;
using ServiceEval.Web.Features.Reports.Pages;
using ServiceEval.Web.Features.Reports.Renderings;

namespace ServiceEval.Web.Features.Reports;

/// <summary>Reports as pages that print on A4, whole: the style is in the page, so that a saved file looks the same.</summary>
public sealed class ReportPages(PageRenderer renderer, HallDirectory directory, TimeProvider time)
{
    internal static readonly string Style = PageRenderer.Asset("report.css");

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; frame-ancestors 'none'; base-uri 'none'";

    public Task<string> RenderAsync(WeeklyReport report, bool selfContained = false) => renderer.RenderAsync<ReportPage>((nameof(ReportPage.Report), report));

    public async Task<IResult> ShowAsync(WeeklyReport report, HttpContext http) => Answer(http, await RenderAsync(report));

    public async Task<IResult> ListAsync(IReadOnlyList<ReportLine> reports, ReportFiles files, MailView? mails, HttpContext http) => Answer(http, await renderer.RenderAsync<ReportListPage>(
        (nameof(ReportListPage.Reports), reports), (nameof(ReportListPage.Files), files), (nameof(ReportListPage.Mails), mails),
        (nameof(ReportListPage.Directory), directory.Current), (nameof(ReportListPage.Now), time.GetUtcNow())));

    private static IResult Answer(HttpContext http, string html)
    {
        http.Response.Headers.CacheControl = "no-store, private";
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return Results.Content(html, "text/html; charset=utf-8");
    }
}
