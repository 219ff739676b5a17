using System.Diagnostics;
using System.Net;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Compiling;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Renderings;
using ServiceEval.Web.Publishing.Printing;

namespace ServiceEval.Tests.Reports.Renderings;

/// <summary>
/// Tests PDFs that are printed ahead, stored and removed. A browser that asks sees the progress of the printing.
/// </summary>
public sealed class KeptPdfTests
{
    private const string Counts = "echo x >> $here/count; printf '%%PDF-1.4' > \"$pdf\"";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_sweep_has_compiled_is_printed_before_anybody_asks_and_kept_over_a_restart()
    {
        using var browser = new FakeBrowser(Counts);
        await using var host = await TestHost.StartAsync(
            ("ServiceEval:Browser", browser.Path),
            ("ServiceEval:Reports:PrintAhead", "true")
        );
        await host.RateAsync(Grade.Satisfied);
        host.Clock.Advance(TimeSpan.FromDays(5));

        await host.Part<ReportSweep>().RunAsync(Ct);

        await UntilAsync(() => Files(host).Length == 2);
        await host.RestartAsync();
        Assert.Equal(
            "%PDF-1.4"u8.ToArray(),
            await host.Client.GetByteArrayAsync("/reports/county-2026-W47-v1.pdf", Ct)
        );
        Assert.Equal(2, Printings(browser));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(Folder(host))
            );
    }

    [Fact]
    public async Task A_browser_is_told_how_far_a_printing_is_and_has_the_file_when_it_is_done()
    {
        using var browser = new FakeBrowser($"while [ ! -e $here/go ]; do sleep 0.05; done; {Counts}");
        await using var host = await OfACompiledWeekAsync(browser);

        using var first = await AskAsBrowserAsync(host);
        var page = await first.Content.ReadAsStringAsync(Ct);
        Assert.Equal(
            (HttpStatusCode.Accepted, "text/html"),
            (first.StatusCode, first.Content.Headers.ContentType?.MediaType)
        );
        foreach (
            var said in (string[])
                ["正在生成PDF", "已用时", "<progress", "http-equiv=\"refresh\"", "/reports/county-2026-W47-v1.html"]
        )
            Assert.Contains(said, page, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(browser.Path)!, "go"), "", Ct);
        // A program waits for the same printing.
        Assert.Equal(
            "%PDF-1.4"u8.ToArray(),
            await host.Client.GetByteArrayAsync("/reports/county-2026-W47-v1.pdf", Ct)
        );
        using var second = await AskAsBrowserAsync(host);
        Assert.Equal(
            (HttpStatusCode.OK, "application/pdf"),
            (second.StatusCode, second.Content.Headers.ContentType?.MediaType)
        );
        Assert.Equal(1, Printings(browser));
    }

    [Fact]
    public async Task A_browser_is_told_once_that_a_printing_failed_and_the_next_time_it_is_tried_again()
    {
        using var browser = new FakeBrowser(
            "[ -e $here/failed ] && printf '%%PDF-1.4' > \"$pdf\" && exit 0; touch $here/failed; exit 1"
        );
        await using var host = await OfACompiledWeekAsync(browser);

        HttpResponseMessage? failed = null;
        await UntilAsync(async () => (failed = await AskAsBrowserAsync(host)).StatusCode != HttpStatusCode.Accepted);
        await TestHost.AssertProblemAsync(failed!, 503, "not-stored");

        HttpResponseMessage? done = null;
        await UntilAsync(async () => (done = await AskAsBrowserAsync(host)).StatusCode != HttpStatusCode.Accepted);
        Assert.Equal("application/pdf", done!.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>Otherwise the printed words of an erased comment would stay available.</summary>
    [Fact]
    public async Task A_PDF_with_a_comment_that_was_erased_is_not_given_out_and_its_file_is_removed()
    {
        using var browser = new FakeBrowser(Counts);
        await using var host = await TestHost.StartAsync(
            ("ServiceEval:Browser", browser.Path),
            ("ServiceEval:Boards:BatchSize", "1")
        );
        var rating = await host.RateAsync(Grade.Dissatisfied);
        await CommentAsync(host, rating.Receipt);
        await CompileAsync(host);
        await host.Client.GetByteArrayAsync("/reports/county-2026-W47-v1.pdf", Ct);
        var before = Assert.Single(Files(host));

        await host.QueryAsync("UPDATE RatingDetails SET Comment = NULL, CommentSalt = NULL");
        await host.Client.GetByteArrayAsync("/reports/county-2026-W47-v1.pdf", Ct);

        Assert.NotEqual(before, Assert.Single(Files(host)));
        Assert.Equal(2, Printings(browser));
    }

    [Fact]
    public async Task A_sweep_removes_what_belongs_to_no_newest_report_and_what_a_crash_left_half_written()
    {
        using var browser = new FakeBrowser(Counts);
        await using var host = await OfACompiledWeekAsync(browser);
        await host.Client.GetByteArrayAsync("/reports/county-2026-W47-v1.pdf", Ct);
        var kept = Assert.Single(Files(host));
        foreach (var name in (string[])["of-another-program.pdf", "half.pdf.0.tmp"])
            await File.WriteAllTextAsync(Path.Combine(Folder(host), name), "%PDF", Ct);

        host.Part<PrintingAhead>().Wake();

        await UntilAsync(() => Files(host).Length == 1);
        Assert.Equal(kept, Files(host)[0]);
    }

    [Fact]
    public async Task The_PDF_is_printed_even_if_it_cannot_be_stored()
    {
        using var browser = new FakeBrowser(Counts);
        await using var host = await OfACompiledWeekAsync(browser);
        await File.WriteAllTextAsync(Folder(host), "not a folder", Ct);

        for (var i = 0; i < 2; i++)
            Assert.Equal(
                "%PDF-1.4"u8.ToArray(),
                await host.Client.GetByteArrayAsync("/reports/county-2026-W47-v1.pdf", Ct)
            );
    }

    private static string Folder(TestHost host) => Path.Combine(host.DataDirectory, "pdf");

    private static string[] Files(TestHost host) =>
        Directory.Exists(Folder(host)) ? Directory.GetFiles(Folder(host)) : [];

    private static int Printings(FakeBrowser browser) => browser.Left("count").Split('\n').Length;

    private static async Task<TestHost> OfACompiledWeekAsync(FakeBrowser browser)
    {
        var host = await TestHost.StartAsync(("ServiceEval:Browser", browser.Path));
        await host.RateAsync(Grade.Satisfied);
        await CompileAsync(host);
        return host;
    }

    private static Task CompileAsync(TestHost host) =>
        host.Part<ReportShelf>()
            .EnsureAsync(ReportScope.Root(host.Part<HallDirectory>().Current), IsoWeek.Parse("2026-W47"), Ct);

    private static async Task CommentAsync(TestHost host, string receipt)
    {
        using var form = new FormUrlEncodedContent([new("comment", "等了两个小时")]);
        using var response = await host.Client.PostAsync($"/r/{receipt}", form, Ct);
        Assert.True((int)response.StatusCode < 400, $"{response.StatusCode}");
    }

    private static async Task<HttpResponseMessage> AskAsBrowserAsync(TestHost host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/reports/county-2026-W47-v1.pdf")
        {
            Headers = { { "Accept", "text/html,application/xhtml+xml,*/*;q=0.8" } },
        };
        return await host.Client.SendAsync(request, Ct);
    }

    private static Task UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));

    /// <summary>Polls, because files and processes send no signal when they are done.</summary>
    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var waited = Stopwatch.StartNew(); !await isSo(); await Task.Delay(50, Ct))
            Assert.True(waited.Elapsed < Limit, "It has not come about in time.");
    }
}
