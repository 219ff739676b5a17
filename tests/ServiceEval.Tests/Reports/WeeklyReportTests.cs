using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Tests.Reports;

public sealed partial class WeeklyReportTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>The time from the host's Wednesday to the next Monday, 06:00 in Asia/Shanghai.</summary>
    private static readonly TimeSpan ToMonday = TimeSpan.FromHours(4 * 24 + 20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_finished_week_is_compiled_once_for_the_county_and_once_for_the_hall()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync(Grade.VerySatisfied);
        await host.RateAsync(Grade.VeryDissatisfied);
        host.Clock.Advance(ToMonday);
        await host.RestartAsync();
        var first = await ListAsync(host, 2);
        Assert.Equal(["county-2026-W47-v1", "example-2026-W47-v1"], first.Select(r => r.Id));
        Assert.All(first, r => Assert.Equal((2, null), (r.N, r.Rate)));

        // The sweep compiles weeks in order, so the report of the next week proves that a sweep ran to its end. The
        // rating moves the ledger's time.
        host.Clock.Advance(TimeSpan.FromDays(7));
        await host.RateAsync();
        await host.RestartAsync();

        var second = await ListAsync(host, 3);
        Assert.Equal(["county-2026-W48-v1", "county-2026-W47-v1", "example-2026-W47-v1"], second.Select(r => r.Id));
        Assert.Equal(first.Select(r => r.ContentHash), second.Skip(1).Select(r => r.ContentHash));
        using var json = await host.Client.GetAsync("/api/v1/reports", Ct);
        Assert.Contains(
            "\"compiledAt\":\"2026-11-22T22:00:00Z\"",
            await json.Content.ReadAsStringAsync(Ct),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_late_rating_makes_a_second_version_and_the_first_stays_as_it_was()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        host.Clock.Advance(ToMonday);
        await host.RestartAsync();
        await ListAsync(host, 2);
        var before = await host.Client.GetStringAsync("/reports/county-2026-W47-v1.json", Ct);

        host.Clock.AdjustTime(TestHost.Start.AddHours(1));
        await host.RateAsync();
        // A report gets at most one new version a day.
        host.Clock.Advance(ToMonday + TimeSpan.FromDays(1));
        await host.RestartAsync();

        var reports = await ListAsync(host, 4);
        Assert.Equal(
            [("county", 2, 2), ("county", 1, 1), ("example", 2, 2), ("example", 1, 1)],
            reports.Select(r => (r.Scope, r.Version, r.N))
        );
        Assert.Equal(before, await host.Client.GetStringAsync("/reports/county-2026-W47-v1.json", Ct));
    }

    [Fact]
    public async Task The_content_hash_recomputes_from_the_bytes_that_are_served_and_names_the_ledger_head()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:Boards:BatchSize", "1"));
        var rating = await host.RateAsync(Grade.BasicallySatisfied);
        host.Clock.Advance(ToMonday);
        await host.RestartAsync();
        var listed = (await ListAsync(host, 2))[0];

        var json = await host.Client.GetStringAsync($"/reports/{listed.Id}.json", Ct);

        var bare = ContentHash().Replace(json, "");
        Assert.Equal(listed.ContentHash, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(bare))));
        var report = WeeklyReport.Parse(json);
        Assert.Equal(listed.ContentHash, report.ContentHash);
        Assert.Equal((rating.Block.Sequence, rating.Block.Hash), (report.Ledger.Sequence, report.Ledger.Hash));
        Assert.Equal(1, report.Grades["basicallySatisfied"]);

        var page = await host.Client.GetStringAsync($"/reports/{listed.Id}.html", Ct);
        foreach (
            var expected in (string[])
                [
                    "演示数据",
                    "95%置信区间",
                    rating.Block.Hash,
                    listed.ContentHash,
                    "本报告不含在省级平台上直接作出的评价",
                ]
        )
            Assert.Contains(expected, page, StringComparison.Ordinal);
        Assert.DoesNotContain("临时", page, StringComparison.Ordinal);
        Assert.Contains(
            $"/reports/{listed.Id}.html",
            await host.Client.GetStringAsync("/reports", Ct),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("x-forwarded-proto")]
    [InlineData("Forwarded")]
    [InlineData("X-Real-IP")]
    [InlineData("X-Original-Host")]
    public async Task What_a_proxy_passed_on_is_answered_as_if_there_were_no_reports(string header)
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:KnownProxies:0", "127.0.0.1"));
        foreach (var path in (string[])["/reports", "/api/v1/reports", "/jobs"])
        {
            using var own = await host.Client.GetAsync(path, Ct);
            Assert.Equal(HttpStatusCode.OK, own.StatusCode);
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { header, "127.0.0.1" } } };
            using var refused = await host.Client.SendAsync(request, Ct);
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }
    }

    [Fact]
    public async Task Before_the_first_report_the_list_says_when_it_comes()
    {
        await using var host = await TestHost.StartAsync();

        var page = await host.Client.GetStringAsync("/reports", Ct);

        Assert.Contains("还没有周报", page, StringComparison.Ordinal);
        Assert.Contains("下一期（2026-W47）在11月23日（周一）06:00后", page, StringComparison.Ordinal);
        using var unknown = await host.Client.GetAsync("/reports/county-2026-W47-v1.html", Ct);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task The_verb_writes_all_files_stores_finished_weeks_only_and_keeps_its_exit_codes()
    {
        await using var host = await TestHost.StartAsync();
        var output = Path.Combine(host.DataDirectory, "out");

        var provisional = await host.CommandAsync("report", "weekly", "--week", Running, "--out", "out");
        string[] files =
        [
            .. ((string[])["json", "html", "xlsx", "pdf"]).Select(type => $"{output}/county-{Running}-v0.{type}"),
        ];
        Assert.Equal((0, string.Concat(files.Select(f => $"{f}\n"))), (provisional.ExitCode, provisional.Output));
        Assert.Equal(files.Order(), Directory.GetFiles(output).Order());
        Assert.True(
            WeeklyReport
                .Parse(await File.ReadAllTextAsync(Path.Combine(output, $"county-{Running}-v0.json"), Ct))
                .Provisional
        );
        Assert.Contains(
            "临时（未定稿）",
            await File.ReadAllTextAsync(Path.Combine(output, $"county-{Running}-v0.html"), Ct),
            StringComparison.Ordinal
        );
        Assert.Equal(0, await host.CountAsync("Reports"));

        // The command uses the real clock. So the finished week must be long ago, and it must not be before the first
        // rating.
        await host.RateAsync();
        await host.QueryAsync("UPDATE TalliesByHour SET LocalDate = 20201201");
        for (var i = 0; i < 2; i++)
            Assert.Equal(
                0,
                (
                    await host.CommandAsync(
                        "report",
                        "weekly",
                        "--week",
                        "2020-W53",
                        "--hall",
                        "example",
                        "--out",
                        "out"
                    )
                ).ExitCode
            );
        Assert.True(File.Exists(Path.Combine(output, "example-2020-W53-v1.json")));
        // The rating is in 2020-W49, one of the four weeks before. Its report is stored first.
        Assert.Equal(
            ["2020-W49", "2020-W53"],
            (await host.QueryAsync("SELECT Week FROM Reports ORDER BY Week")).Select(r => r[0])
        );

        Assert.Equal(2, (await host.CommandAsync("report", "weekly", "--week", "2026-W54", "--out", "out")).ExitCode);
        var future = await host.CommandAsync(
            "report",
            "weekly",
            "--week",
            $"{IsoWeek.Parse(Running).Next}",
            "--out",
            "future"
        );
        Assert.Equal(
            (2, "", false),
            (future.ExitCode, future.Output, Directory.Exists(Path.Combine(host.DataDirectory, "future")))
        );
        Assert.Contains(
            $"{IsoWeek.Parse(Running).Next} 这一周还没有开始",
            Assert.Single(future.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
        AssertOneSentence(
            "nowhere",
            await host.CommandAsync("report", "weekly", "--week", "2020-W53", "--hall", "nowhere", "--out", "out")
        );
        AssertOneSentence(
            "serviceeval.db",
            await host.CommandAsync("report", "weekly", "--week", "2020-W53", "--out", "serviceeval.db")
        );
    }

    [Fact]
    public async Task Without_a_browser_the_verb_writes_the_rest_and_says_why_in_one_line()
    {
        await using var host = await TestHost.StartAsync();

        var (exitCode, output, errors) = await new ServiceProcess(host.DataDirectory)
            .With("ServiceEval__Browser", "/nowhere/chromium")
            .RunAsync("report", "weekly", "--week", Running, "--out", "out");

        Assert.Equal((0, 3), (exitCode, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
        Assert.Contains(
            "“/nowhere/chromium”不存在",
            Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
        Assert.Equal(3, Directory.GetFiles(Path.Combine(host.DataDirectory, "out")).Length);
    }

    /// <summary>The current week in the sample hall by the machine's clock, which the command uses.</summary>
    private static string Running =>
        IsoWeek.Of(TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")).ToString();

    private static void AssertOneSentence(string about, (int ExitCode, string Output, string Errors) answer)
    {
        Assert.Equal((1, ""), (answer.ExitCode, answer.Output));
        Assert.Contains(
            about,
            Assert.Single(answer.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
    }

    /// <summary>Waits until the sweep has extended the list to this length.</summary>
    private static async Task<ReportLine[]> ListAsync(TestHost host, int length)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            using var response = await host.Client.GetAsync("/api/v1/reports", Ct);
            var reports = await TestHost.ReadAsync<ReportLine[]>(response);
            if (reports.Length >= length || waited.Elapsed > Limit)
            {
                Assert.Equal(length, reports.Length);
                return reports;
            }
            await Task.Delay(20, Ct);
        }
    }

    [GeneratedRegex(",\"contentHash\":\"[0-9a-f]{64}\"")]
    private static partial Regex ContentHash();
}
