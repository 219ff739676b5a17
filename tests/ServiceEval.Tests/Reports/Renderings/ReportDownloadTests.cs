using System.Net;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Compiling;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Renderings;
using ServiceEval.Web.Publishing.Printing;

namespace ServiceEval.Tests.Reports.Renderings;

public sealed class ReportDownloadTests
{
    private static readonly IsoWeek Week = IsoWeek.Parse("2026-W47");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_report_is_there_as_workbook_and_as_PDF_to_be_saved_and_kept_by_no_cache()
    {
        using var browser = new FakeBrowser("printf '%%PDF-1.4' > \"$pdf\"");
        await using var host = await OfACompiledWeekAsync(browser.Path);

        await AssertDownloadAsync(host, "xlsx", ReportFiles.XlsxType, "PK"u8.ToArray());
        await AssertDownloadAsync(host, "pdf", "application/pdf", "%PDF-1.4"u8.ToArray());

        var list = await host.Client.GetStringAsync("/reports", Ct);
        foreach (var type in (string[])["html", "pdf", "xlsx", "json"])
            Assert.Contains($"/reports/county-2026-W47-v1.{type}", list, StringComparison.Ordinal);
        Assert.DoesNotContain("PDF；", list, StringComparison.Ordinal);
        foreach (var type in (string[])["xlsx", "pdf"])
            Assert.Equal(
                HttpStatusCode.NotFound,
                (await host.Client.GetAsync($"/reports/county-2026-W47-v9.{type}", Ct)).StatusCode
            );
    }

    [Fact]
    public async Task Without_a_browser_everything_but_the_PDF_is_there_and_the_list_says_why()
    {
        await using var host = await OfACompiledWeekAsync("/nowhere/chromium");

        using var pdf = await host.Client.GetAsync("/reports/county-2026-W47-v1.pdf", Ct);
        await TestHost.AssertProblemAsync(pdf, 404, "not-found");
        Assert.Contains("“/nowhere/chromium”不存在", await pdf.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        var list = await host.Client.GetStringAsync("/reports", Ct);
        Assert.Contains("不能生成PDF", list, StringComparison.Ordinal);
        Assert.DoesNotContain(".pdf", list, StringComparison.Ordinal);
        await AssertDownloadAsync(host, "xlsx", ReportFiles.XlsxType, "PK"u8.ToArray());
        Assert.Equal(["county-2026-W47-v1.html", "county-2026-W47-v1.xlsx"], await MailedAsync(host));
    }

    [Fact]
    public async Task A_browser_that_fails_is_a_problem_of_the_PDF_alone_and_the_list_remembers_it()
    {
        using var browser = new FakeBrowser("echo secret >&2; exit 1");
        await using var host = await OfACompiledWeekAsync(browser.Path);

        using var pdf = await host.Client.GetAsync("/reports/county-2026-W47-v1.pdf", Ct);

        await TestHost.AssertProblemAsync(pdf, 503, "not-stored");
        Assert.DoesNotContain("secret", await pdf.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        var list = await host.Client.GetStringAsync("/reports", Ct);
        Assert.Contains("浏览器没有打印成功", list, StringComparison.Ordinal);
        Assert.Contains("county-2026-W47-v1.pdf", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_shows_older_versions_as_such_below_the_newest()
    {
        await using var host = await OfACompiledWeekAsync("/nowhere/chromium");
        await host.RateAsync();
        await CompileAsync(host);

        var list = await host.Client.GetStringAsync("/reports", Ct);

        var (newest, older) = (
            list.IndexOf("county-2026-W47-v2.html", StringComparison.Ordinal),
            list.IndexOf("county-2026-W47-v1.html", StringComparison.Ordinal)
        );
        Assert.True(newest > 0 && older > newest);
        Assert.DoesNotContain("旧版", list[..older], StringComparison.Ordinal);
        Assert.Contains("旧版", list[older..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_carries_the_PDF_first_where_there_is_one()
    {
        using var browser = new FakeBrowser("printf '%%PDF-1.4' > \"$pdf\"");
        await using var host = await OfACompiledWeekAsync(browser.Path);

        Assert.Equal(["county-2026-W47-v1.pdf", "county-2026-W47-v1.xlsx"], await MailedAsync(host));
    }

    private static async Task<TestHost> OfACompiledWeekAsync(string browser)
    {
        var host = await TestHost.StartAsync(("ServiceEval:Browser", browser));
        await host.RateAsync(Grade.Satisfied);
        await CompileAsync(host);
        return host;
    }

    private static Task CompileAsync(TestHost host) =>
        host.Part<ReportShelf>()
            .EnsureAsync(ReportScope.Root(host.Part<Web.Features.Places.HallDirectory>().Current), Week, Ct);

    private static async Task<IEnumerable<string>> MailedAsync(TestHost host)
    {
        var report = await host.Part<ReportShelf>().FindAsync(new("county", "2026-W47", 1), Ct);
        return (await host.Part<ReportFiles>().ForMailAsync(WeeklyReport.Parse(report!.Json), Ct)).Select(f => f.Name);
    }

    private static async Task AssertDownloadAsync(TestHost host, string type, string mediaType, byte[] begins)
    {
        using var file = await host.Client.GetAsync($"/reports/county-2026-W47-v1.{type}", Ct);
        Assert.Equal((HttpStatusCode.OK, mediaType), (file.StatusCode, file.Content.Headers.ContentType?.ToString()));
        Assert.Equal(
            ("attachment", $"county-2026-W47-v1.{type}"),
            (
                file.Content.Headers.ContentDisposition?.DispositionType,
                file.Content.Headers.ContentDisposition?.FileNameStar
            )
        );
        Assert.True(file.Headers.CacheControl is { NoStore: true, Private: true });
        Assert.Equal(begins, (await file.Content.ReadAsByteArrayAsync(Ct))[..begins.Length]);
    }
}
