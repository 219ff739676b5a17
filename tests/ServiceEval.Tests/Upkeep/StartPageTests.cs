using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServiceEval.Web.Components;
using ServiceEval.Web.Features.Upkeep;
using ServiceEval.Web.Features.Upkeep.Pages;

namespace ServiceEval.Tests.Upkeep;

/// <summary>
/// Tests the first page that the operator sees on the server itself. LoopbackOnlyTests tests the clients that must not
/// see it.
/// </summary>
public sealed partial class StartPageTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_leads_from_this_machine_to_everything_that_runs()
    {
        await using var host = await TestHost.StartAsync();
        var codes = await host.WindowCodesAsync();
        var page = WebUtility.HtmlDecode(await host.Client.GetStringAsync("/", Ct));

        Assert.Contains("可以接收评价", page, StringComparison.Ordinal);
        Assert.Contains("ServiceEval__PublicUrl", page, StringComparison.Ordinal);
        var links = Link().Matches(page).Select(m => m.Groups[1].Value).ToList();
        Assert.All(
            [
                "/display/example",
                "/h/example",
                "/h/example/sheets",
                $"/w/{codes[0]}",
                $"/w/{codes[1]}/sheet",
                "/reports",
                "/jobs",
                "/metrics",
                "/openapi/v1.json",
            ],
            path => Assert.Contains(path, links)
        );
        // The screen exists only after the kiosk is built.
        foreach (var path in links.Where(l => !l.StartsWith("/display", StringComparison.Ordinal)))
            Assert.True((await host.Client.GetAsync(path, Ct)).IsSuccessStatusCode, path);
    }

    [Fact]
    public async Task It_says_that_no_rating_can_be_stored_while_the_database_is_away()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:PublicUrl", "https://hcp.example.gov.cn"));
        await host.QueryAsync("ALTER TABLE LedgerHead RENAME TO Lost");

        var page = WebUtility.HtmlDecode(await host.Client.GetStringAsync("/", Ct));

        Assert.Contains("现在不能保存评价。数据库没有应答。", page, StringComparison.Ordinal);
        Assert.Contains("群众扫码打开的网址：https://hcp.example.gov.cn/", page, StringComparison.Ordinal);
    }

    /// <summary>The database of such a node answers.</summary>
    [Fact]
    public async Task It_says_that_the_nodes_key_waits_for_admission()
    {
        const string Sentence = "本节点的账本密钥还没有得到运行中节点的认可。";
        await using var host = await TestHost.StartAsync();
        var pages = new StartPages(new NotAdmitted(Sentence), host.Part<Doctor>(), host.Part<PageRenderer>());

        var answer = await pages.ShowAsync(examine: false, new DefaultHttpContext(), Ct);

        var page = WebUtility.HtmlDecode(Assert.IsType<ContentHttpResult>(answer).ResponseContent)!;
        Assert.Contains($"现在不能保存评价。{Sentence}", page, StringComparison.Ordinal);
        Assert.DoesNotContain("没有应答", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_examines_the_installation_as_the_doctor_does_where_asked()
    {
        await using var host = await TestHost.StartAsync();

        var page = WebUtility.HtmlDecode(await host.Client.GetStringAsync("/?check=1", Ct));

        Assert.All(["数据库", "账本", "票据密钥"], title => Assert.Contains(title, page, StringComparison.Ordinal));
        Assert.Contains("数据库：正常", page, StringComparison.Ordinal);
        Assert.DoesNotContain("检查结果", await host.Client.GetStringAsync("/", Ct), StringComparison.Ordinal);
    }

    private sealed class NotAdmitted(string sentence) : HealthCheckService
    {
        public override Task<HealthReport> CheckHealthAsync(
            Func<HealthCheckRegistration, bool>? predicate,
            CancellationToken cancellationToken = default
        )
        {
            var entries = new Dictionary<string, HealthReportEntry>
            {
                ["database"] = new(HealthStatus.Healthy, null, TimeSpan.Zero, null, null),
                ["ledger-key"] = new(HealthStatus.Unhealthy, sentence, TimeSpan.Zero, null, null),
            };
            return Task.FromResult(new HealthReport(entries, TimeSpan.Zero));
        }
    }

    [GeneratedRegex("href=\"(/[^\"]*)\"")]
    private static partial Regex Link();
}
