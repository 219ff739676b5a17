using ServiceEval.Core.Exchange;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Reports;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports;

namespace ServiceEval.Tests.Reports;

/// <summary>
/// Tests the sweep itself. A test starts it, because the host's own sweep begins before the test has moved the clock.
/// </summary>
public sealed class ReportSweepTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Weeks_missed_while_the_host_was_down_are_made_up_for_each_with_its_own_figures()
    {
        await using var host = await TestHost.StartAsync();
        for (var week = 0; week < 3; week++)
        {
            for (var i = 0; i <= week; i++)
                await host.RateAsync();
            host.Clock.Advance(TimeSpan.FromDays(7));
        }

        await host.Part<ReportSweep>().RunAsync(Ct);

        Assert.Equal(
            ["2026-W47 1", "2026-W48 2", "2026-W49 3"],
            await LinesAsync(
                host,
                "SELECT Week || ' ' || json_extract(Json, '$.n') FROM Reports WHERE Scope = 'county' ORDER BY Week"
            )
        );
    }

    [Fact]
    public async Task Only_the_last_eight_weeks_are_looked_at()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        host.Clock.Advance(TimeSpan.FromDays(7 * 11));
        // The hall still rates. Without a rating the ledger's time would not move.
        await host.RateAsync();

        await host.Part<ReportSweep>().RunAsync(Ct);

        // It is Wednesday of 2027-W05. 2026-W47 to W49 are older than eight complete weeks.
        Assert.Equal(
            ["2026-W50", "2026-W51", "2026-W52", "2026-W53", "2027-W01", "2027-W02", "2027-W03", "2027-W04"],
            await LinesAsync(host, "SELECT Week FROM Reports WHERE Scope = 'county' ORDER BY Week")
        );
    }

    [Fact]
    public async Task Concurrent_sweeps_compile_each_report_once()
    {
        await using var host = await TestHost.StartAsync();
        for (var week = 0; week < 4; week++)
        {
            await host.RateAsync();
            host.Clock.Advance(TimeSpan.FromDays(7));
        }

        await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => Task.Run(() => host.Part<ReportSweep>().RunAsync(Ct), Ct))
        );

        Assert.Equal(["8 1"], await LinesAsync(host, "SELECT COUNT(*) || ' ' || MAX(Version) FROM Reports"));
    }

    [Fact]
    public async Task While_history_comes_in_no_week_is_compiled_and_a_killed_import_delays_it_for_minutes_only()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        host.Clock.Advance(TimeSpan.FromDays(7));
        await host.Part<IWriteGate>()
            .WriteAsync(
                (db, ct) =>
                {
                    db.Add(
                        new RunningImport
                        {
                            Id = Guid.CreateVersion7(),
                            Source = "old",
                            RenewedAt = host.Clock.GetUtcNow(),
                        }
                    );
                    return db.SaveChangesAsync(ct);
                },
                Ct
            );

        await host.Part<ReportSweep>().RunAsync(Ct);
        Assert.Empty(await LinesAsync(host, "SELECT Week FROM Reports"));

        host.Clock.Advance(RunningImport.Patience);
        await host.Part<ReportSweep>().RunAsync(Ct);
        Assert.Equal(["2026-W47", "2026-W47"], await LinesAsync(host, "SELECT Week FROM Reports"));
    }

    [Fact]
    public async Task What_an_earlier_program_froze_stays_as_it_is_and_can_still_be_read()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        host.Clock.Advance(TimeSpan.FromDays(7));
        const string Old =
            """{"id":"county-2026-W47-v1","scope":"county","title":"示例县政务服务好差评周报","week":"2026-W47","version":1,"from":"2026-11-16","to":"2026-11-22","n":40,"good":38,"grades":{"satisfied":38,"dissatisfied":2},"channels":[{"channel":"qr","n":40,"good":38}],"tiers":[{"tier":"printed","n":40}],"ledger":{"sequence":1,"hash":"00"},"contentHash":"00"}""";
        await host.Part<IWriteGate>()
            .WriteAsync(
                (db, ct) =>
                {
                    db.Add(
                        new Report
                        {
                            Scope = "county",
                            Week = "2026-W47",
                            Version = 1,
                            DataHash = new byte[32],
                            ContentHash = new byte[32],
                            LedgerHash = new byte[32],
                            CompiledAt = host.Clock.GetUtcNow(),
                            Json = Old,
                        }
                    );
                    return db.SaveChangesAsync(ct);
                },
                Ct
            );

        await host.Part<ReportSweep>().RunAsync(Ct);

        Assert.Equal(
            ["county-v1", "example-v1"],
            await LinesAsync(host, "SELECT Scope || '-v' || Version FROM Reports ORDER BY Scope, Version")
        );
        var page = await host.Client.GetStringAsync("/reports/county-2026-W47-v1.html", Ct);
        Assert.Contains("一、基本情况", page, StringComparison.Ordinal);
        Assert.DoesNotContain("数据质量", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_week_over_the_new_year_is_the_53rd_and_comes_out_in_January()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:Boards:BatchSize", "1"));
        host.Clock.AdjustTime(new DateTimeOffset(2026, 12, 31, 15, 59, 0, TimeSpan.Zero));
        await host.RateAsync(Grade.Satisfied);
        host.Clock.AdjustTime(new DateTimeOffset(2027, 1, 3, 15, 59, 0, TimeSpan.Zero));
        await host.RateAsync(Grade.Satisfied);
        host.Clock.AdjustTime(new DateTimeOffset(2027, 1, 3, 16, 0, 0, TimeSpan.Zero));
        await host.RateAsync(Grade.Dissatisfied);

        host.Clock.AdjustTime(new DateTimeOffset(2027, 1, 3, 21, 59, 59, TimeSpan.Zero));
        await host.Part<ReportSweep>().RunAsync(Ct);
        Assert.Equal(0, await host.CountAsync("Reports"));
        host.Clock.AdjustTime(new DateTimeOffset(2027, 1, 3, 22, 0, 0, TimeSpan.Zero));
        await host.Part<ReportSweep>().RunAsync(Ct);

        Assert.Equal(
            ["county-2026-W53-v1 2 2", "example-2026-W53-v1 2 2"],
            await LinesAsync(
                host,
                "SELECT json_extract(Json, '$.id') || ' ' || json_extract(Json, '$.n') || ' ' || json_extract(Json, '$.good') FROM Reports ORDER BY Scope"
            )
        );
        Assert.Contains(
            "第53期（12月28日—1月3日）",
            (await LinesAsync(host, "SELECT json_extract(Json, '$.title') FROM Reports WHERE Scope = 'county'"))[0],
            StringComparison.Ordinal
        );
    }

    [Theory]
    // The first two rows are 06:00 in New York: on the Monday after the clocks went forward, and on a Monday in winter.
    [InlineData("America/New_York", "2027-03-15T10:00:00Z")]
    [InlineData("America/New_York", "2026-11-30T11:00:00Z")]
    [InlineData("Asia/Kolkata", "2026-11-30T00:30:00Z")]
    [InlineData("Pacific/Kiritimati", "2026-11-29T16:00:00Z")]
    public async Task A_hall_of_another_zone_has_its_own_Monday_and_the_county_waits_for_the_last(
        string zone,
        string sixOClock
    )
    {
        await using var host = await TestHost.StartAsync();
        await AddHallAsync(host, zone);
        var there = DateTimeOffset.Parse(sixOClock, System.Globalization.CultureInfo.InvariantCulture);
        var here = new DateTimeOffset(
            DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(there, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime),
            new TimeOnly(6, 0),
            TimeSpan.FromHours(8)
        );
        host.Clock.AdjustTime(new[] { there, here }.Min().AddDays(-2));
        await host.RateAsync();
        await host.RateAsync(windowCode: (await host.WindowCodesAsync("west"))[0]);

        foreach (var (instant, due) in new[] { (there, "west"), (here, "example") }.OrderBy(p => p.Item1))
        {
            host.Clock.AdjustTime(instant.AddSeconds(-1));
            await host.Part<ReportSweep>().RunAsync(Ct);
            Assert.DoesNotContain(due, await ScopesAsync(host));
            host.Clock.AdjustTime(instant);
            await host.Part<ReportSweep>().RunAsync(Ct);
            Assert.Contains(due, await ScopesAsync(host));
            Assert.Equal(instant >= there && instant >= here, (await ScopesAsync(host)).Contains("county"));
        }
    }

    [Fact]
    public async Task A_rating_counts_on_the_date_of_its_own_hall()
    {
        await using var host = await TestHost.StartAsync();
        await AddHallAsync(host, "America/New_York");
        // Monday in Asia/Shanghai is still Sunday in New York.
        host.Clock.AdjustTime(new DateTimeOffset(2026, 11, 23, 2, 0, 0, TimeSpan.Zero));
        await host.RateAsync();
        await host.RateAsync(windowCode: (await host.WindowCodesAsync("west"))[0]);
        host.Clock.AdjustTime(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));

        await host.Part<ReportSweep>().RunAsync(Ct);

        Assert.Equal(
            ["example 2026-W48", "west 2026-W47"],
            await LinesAsync(
                host,
                "SELECT Scope || ' ' || Week FROM Reports WHERE json_extract(Json, '$.n') > 0 AND Scope <> 'county' ORDER BY Scope"
            )
        );
    }

    private static async Task AddHallAsync(TestHost host, string zone)
    {
        await host.QueryAsync(
            """
            INSERT INTO Halls (Code, Name, ShortName, Kind, TimeZone, OpeningHours, Telephone, Address) VALUES ('west', '西部大厅', '西部', 1, $1, '', '', '')
            """,
            zone
        );
        await host.QueryAsync(
            """
            INSERT INTO Windows (HallId, Number, Name, Kind, Status, Code) SELECT Id, '1', '综合窗口', 1, 1, 'westwindow' FROM Halls WHERE Code = 'west'
            """
        );
        await host.QueryAsync("UPDATE Installation SET DirectoryVersion = DirectoryVersion + 1");
        await host.Part<HallDirectory>().RefreshAsync(Ct);
    }

    private static Task<List<string>> ScopesAsync(TestHost host) =>
        LinesAsync(host, "SELECT DISTINCT Scope FROM Reports WHERE json_extract(Json, '$.n') > 0");

    private static async Task<List<string>> LinesAsync(TestHost host, string sql) =>
        [.. (await host.QueryAsync(sql)).Select(r => (string)r[0]!)];
}
