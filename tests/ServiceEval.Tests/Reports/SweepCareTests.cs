using System.Globalization;
using Npgsql;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Exchange;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.TestDatabases;
using ServiceEval.Tests.Ratings;
using ServiceEval.Web.Features.Exchange;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Compiling;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Http;

namespace ServiceEval.Tests.Reports;

/// <summary>Tests what a sweep must not do, with any clock and any data.</summary>
public sealed class SweepCareTests(Databases databases)
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_clock_that_is_years_ahead_compiles_no_week_after_the_ledgers_end_and_removes_no_marks()
    {
        await using var host = await TestHost.StartAsync();
        using var phone = new Phone(host);
        await phone.RateAsync((await host.WindowCodesAsync())[0]);
        // The clock is set and not advanced, because an advance would fire every timer for the whole time.
        host.Clock.AdjustTime(TestHost.Start.AddYears(4));

        await SweepAsync(host);

        Assert.Equal(0, await host.CountAsync("Reports"));
        Assert.Equal(1, await host.CountAsync("DeviceMarks"));

        // After the clock is corrected, the sweep continues as if the clock had never been wrong.
        host.Clock.AdjustTime(TestHost.Start + Week);
        await SweepAsync(host);
        Assert.Equal(["county-2026-W47-v1", "example-2026-W47-v1"], await ReportsAsync(host));
    }

    [Fact]
    public async Task A_damaged_report_holds_up_neither_other_halls_nor_later_weeks_nor_the_marks()
    {
        await using var host = await TestHost.StartAsync();
        using var phone = new Phone(host);
        await phone.RateAsync((await host.WindowCodesAsync())[0]);
        host.Clock.Advance(Week);
        await SweepAsync(host);
        await host.QueryAsync("UPDATE Reports SET Json = 'x' WHERE Scope = 'county'");
        await RateAtAsync(host, TestHost.Start.AddHours(1));
        await host.RateAsync();
        host.Clock.Advance(Week);
        await SweepAsync(host);

        Assert.Equal(
            [
                "county-2026-W47-v1",
                "county-2026-W48-v1",
                "example-2026-W47-v1",
                "example-2026-W47-v2",
                "example-2026-W48-v1",
            ],
            await ReportsAsync(host)
        );
        Assert.Equal(1, host.Part<ReportSweep>().FailedWithin(TimeSpan.FromHours(1)));
        var metrics = await host.Client.GetStringAsync("/metrics", Ct);
        Assert.Equal(
            "1",
            Assert
                .Single(
                    metrics.Split('\n'),
                    line => line.StartsWith("serviceeval_report_failed", StringComparison.Ordinal)
                )
                .Split("} ")[^1]
                .Split(' ')[0]
        );

        host.Clock.AdjustTime(TestHost.Start + 10 * Week);
        await host.RateAsync();
        await SweepAsync(host);
        Assert.Equal(0, await host.CountAsync("DeviceMarks"));
    }

    [Fact]
    public async Task A_week_with_a_damaged_report_is_read_as_such()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        host.Clock.Advance(Week);
        await SweepAsync(host);

        Assert.False((await ContextAsync(host)).HasDamagedVersion);
        await host.QueryAsync("UPDATE Reports SET Json = 'x' WHERE Scope = 'county'");
        Assert.True((await ContextAsync(host)).HasDamagedVersion);
    }

    [Fact]
    public async Task A_report_that_is_requested_finds_the_weeks_before_in_their_own_reports()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:Reports:MinimumN", "1"));
        for (var i = 0; i < 5; i++)
        {
            await RateAtAsync(host, TestHost.Start - Week);
            await RateAtAsync(host, TestHost.Start);
        }
        host.Clock.Advance(Week);
        await host.RateAsync();

        await EnsureAsync(host);

        Assert.Equal(["county-2026-W46-v1", "county-2026-W47-v1"], await ReportsAsync(host));
        var json = (await host.QueryAsync("SELECT Json FROM Reports ORDER BY Week DESC"))[0][0];
        Assert.NotNull(WeeklyReport.Parse((string)json!).Changes.LastWeek);
    }

    [Fact]
    public async Task A_report_is_not_stored_beside_a_report_that_was_compiled_from_other_rows_meanwhile()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        host.Clock.Advance(Week);
        var scopes = ReportScope.All(host.Part<HallDirectory>().Current).ToList();
        var shelf = host.Part<ReportShelf>();
        var read = await shelf.ReadAsync(new IsoWeek(2026, 47), scopes, Ct);
        await RateAtAsync(host, TestHost.Start.AddHours(1));
        await EnsureAsync(host);

        Assert.Null(await shelf.BringUpToDateAsync(scopes[1], read, Ct));
        Assert.Equal(["county-2026-W47-v1"], await ReportsAsync(host));
    }

    [Fact]
    public async Task Late_ratings_make_one_version_a_day_and_rows_that_change_no_figure_none()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        host.Clock.Advance(Week);
        await SweepAsync(host);
        for (var hour = 0; hour < 3; hour++)
        {
            await RateAtAsync(host, TestHost.Start.AddHours(1 + hour));
            host.Clock.Advance(TimeSpan.FromHours(1));
            await SweepAsync(host);
        }
        Assert.Equal(["county-2026-W47-v1", "example-2026-W47-v1"], await ReportsAsync(host));

        host.Clock.Advance(TimeSpan.FromDays(1));
        await SweepAsync(host);
        Assert.Equal(
            ["county-2026-W47-v1", "county-2026-W47-v2", "example-2026-W47-v1", "example-2026-W47-v2"],
            await ReportsAsync(host)
        );

        // Another hour of the day changes a row but no figure.
        await host.QueryAsync("UPDATE TalliesByHour SET LocalHour = (LocalHour + 12) % 24");
        host.Clock.Advance(TimeSpan.FromDays(1));
        await SweepAsync(host);
        Assert.Equal(4, await host.CountAsync("Reports"));
        // A report that a person requests is compiled at once.
        await RateAtAsync(host, TestHost.Start.AddHours(5));
        await EnsureAsync(host);
        await RateAtAsync(host, TestHost.Start.AddHours(6));
        await EnsureAsync(host);
        Assert.Contains("county-2026-W47-v4", await ReportsAsync(host));
    }

    [Fact]
    public async Task An_import_renewed_by_a_clock_that_was_ahead_holds_nothing_up()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        host.Clock.Advance(Week);
        await host.Part<IWriteGate>()
            .WriteAsync(
                (db, ct) =>
                {
                    db.Add(
                        new RunningImport
                        {
                            Id = Guid.CreateVersion7(),
                            Source = "old",
                            RenewedAt = host.Clock.GetUtcNow().AddYears(4),
                        }
                    );
                    return db.SaveChangesAsync(ct);
                },
                Ct
            );

        await SweepAsync(host);

        Assert.Equal(2, await host.CountAsync("Reports"));
    }

    [Fact]
    public async Task An_import_during_which_the_clock_is_set_back_goes_on_being_renewed()
    {
        await using var host = await TestHost.StartAsync();
        var machine = new Machine { Wall = TestHost.Start.AddYears(4) };
        var lease = new ImportLease(host.Part<IWriteGate>(), machine, "old");
        await lease.RenewAsync(Ct);
        machine.Wall = TestHost.Start;
        await lease.RenewAsync(Ct);
        machine.Run += TimeSpan.FromSeconds(15);
        await lease.RenewAsync(Ct);

        Assert.Equal(
            TestHost.Start.ToUnixTimeMilliseconds(),
            (await host.QueryAsync("SELECT RenewedAt FROM RunningImports"))[0][0]
        );
    }

    [Fact]
    public async Task On_a_server_one_node_at_a_time_sweeps_and_a_node_that_dies_leaves_no_lock()
    {
        var connectionString = await (await databases.PostgreSqlAsync()).CreateDatabaseAsync();
        await using var one = new PostgreSqlEngine(connectionString, TestDatabase.NewAuthor(), TimeProvider.System);
        await using var other = new PostgreSqlEngine(connectionString, TestDatabase.NewAuthor(), TimeProvider.System);

        var turn = await one.TryTakeTurnAsync("sweep", Ct);
        Assert.NotNull(turn);
        Assert.Null(await other.TryTakeTurnAsync("sweep", Ct));
        await using (var another = await other.TryTakeTurnAsync("other work", Ct))
            Assert.NotNull(another);

        // If a process is killed, its session ends. The test ends the session directly.
        await using (var administrator = new NpgsqlConnection(connectionString))
        {
            await administrator.OpenAsync(Ct);
            await using var end = new NpgsqlCommand(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'",
                administrator
            );
            await end.ExecuteNonQueryAsync(Ct);
        }
        IAsyncDisposable? taken = null;
        while (taken is null)
            taken = await other.TryTakeTurnAsync("sweep", Ct);
        await taken.DisposeAsync();
        await turn.DisposeAsync();
    }

    [Fact]
    public void Each_scopes_rows_are_those_that_it_would_be_given_alone()
    {
        var weeks = new RatedWeeks().Give(1, 3, 1).Give(3, 2, 0).Give(5, 1, 1).Name(1, 1, 2, 0).Tag(5, "214", 1);
        var scopes = ReportScope.All(RatedWeeks.Directory).ToList();

        var split = weeks.Rows().Of(scopes);

        Assert.Equal(["county", "main", "town"], split.Keys);
        Assert.All(scopes, scope => Assert.Equal(weeks.Rows().Of(scope).Hash(), split[scope.Code].Hash()));
        Assert.Equal([3, 2, 1], scopes.Select(scope => split[scope.Code].Rows.Count));
    }

    private static Task SweepAsync(TestHost host) => host.Part<ReportSweep>().RunAsync(Ct);

    private static Task<WeekContext> ContextAsync(TestHost host) =>
        host.Part<IReadSnapshot>()
            .ReadAsync(
                (db, ct) =>
                    WeekContext.ReadAsync(db, new IsoWeek(2026, 47), host.Part<HallDirectory>().Current.Regions, ct),
                Ct
            );

    private static Task EnsureAsync(TestHost host) =>
        host.Part<ReportShelf>()
            .EnsureAsync(ReportScope.Root(host.Part<HallDirectory>().Current), new IsoWeek(2026, 47), Ct);

    private static async Task RateAtAsync(TestHost host, DateTimeOffset instant)
    {
        var now = host.Clock.GetUtcNow();
        host.Clock.AdjustTime(instant);
        await host.RateAsync(Grade.Satisfied);
        host.Clock.AdjustTime(now);
    }

    private static async Task<List<string>> ReportsAsync(TestHost host) =>
        [
            .. (await host.QueryAsync("SELECT Scope || '-' || Week || '-v' || Version FROM Reports ORDER BY 1")).Select(
                r => Convert.ToString(r[0], CultureInfo.InvariantCulture)!
            ),
        ];

    /// <summary>
    /// The wall clock of this machine can be set, but its running time cannot. The fake clock is different, because its
    /// timestamp goes back with the clock.
    /// </summary>
    private sealed class Machine : TimeProvider
    {
        public DateTimeOffset Wall { get; set; }
        public TimeSpan Run { get; set; } = TimeSpan.FromHours(1);
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Wall;

        public override long GetTimestamp() => Run.Ticks;
    }
}
