using Hangfire;
using Hangfire.Common;
using Hangfire.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ServiceEval.Data;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Mail;
using ServiceEval.Web.Features.Upkeep;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Tests.Hosting;

/// <summary>A machine's clock that is wrong and then set right, under a server that goes on.</summary>
public sealed class ClockJumpTests
{
    public const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_that_was_planned_by_a_clock_years_ahead_is_planned_again_and_meanwhile_lags()
    {
        await using var host = await TestHost.StartAsync();
        var (storage, now) = (host.Part<JobStorage>(), TimeProvider.System.GetUtcNow().UtcDateTime);
        Put(storage, now.AddYears(4));
        Assert.InRange(JobPlan.Lag(Job(storage), now), TimeSpan.FromDays(1400), TimeSpan.FromDays(1500));

        Assert.Equal([nameof(ReportSweep)], await host.Part<JobPlan>().MendAsync(now, Ct));

        Assert.InRange(Job(storage).NextExecution!.Value, now, now.AddHours(1).AddMinutes(1));
        Assert.Equal(TimeSpan.Zero, JobPlan.Lag(Job(storage), now));
        Assert.Empty(await host.Part<JobPlan>().MendAsync(now, Ct));
    }

    /// <summary>The other node plans by its own clock again as soon as this one has planned by the right one.</summary>
    [Fact]
    public async Task Two_nodes_whose_clocks_differ_do_not_plan_against_each_other()
    {
        await using var host = await TestHost.StartAsync();
        var (storage, now) = (host.Part<JobStorage>(), TimeProvider.System.GetUtcNow().UtcDateTime);
        var (stopwatch, log) = (new FakeTimeProvider(), new Warnings());
        var plan = new JobPlan(
            host.Part<IRecurringJobManager>(), storage, new Server(host.Part<DatabaseEngine>()),
            host.Part<IOptions<MailOptions>>(), host.Part<NightlyBackup>(), log) { Stopwatch = stopwatch };
        Put(storage, now.AddMinutes(140));
        Assert.Equal([nameof(ReportSweep)], await plan.MendAsync(now, Ct));

        Put(storage, now.AddMinutes(140));
        for (var look = 0; look < 4; look++) Assert.Empty(await plan.MendAsync(now, Ct));

        Assert.Equal(now.AddMinutes(140), Job(storage).NextExecution!.Value, TimeSpan.FromSeconds(1));
        Assert.Contains("by at least 80 minutes", Assert.Single(log.Said), StringComparison.Ordinal);
        // The other node may have ended meanwhile.
        stopwatch.Advance(JobPlan.LongestPause);
        Assert.Equal([nameof(ReportSweep)], await plan.MendAsync(now, Ct));
    }

    [Fact]
    public void A_job_that_is_not_planned_at_all_lags_since_it_last_ran()
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;

        Assert.Equal(TimeSpan.FromHours(5), JobPlan.Lag(new RecurringJobDto { LastExecution = now.AddHours(-5), CreatedAt = now.AddDays(-9) }, now));
        Assert.Equal(TimeSpan.FromDays(9), JobPlan.Lag(new RecurringJobDto { CreatedAt = now.AddDays(-9) }, now));
        Assert.Equal(TimeSpan.FromMinutes(7), JobPlan.Lag(new RecurringJobDto { NextExecution = now.AddMinutes(-7) }, now));
        Assert.Equal(TimeSpan.Zero, JobPlan.Lag(new RecurringJobDto { NextExecution = now.AddMinutes(59) }, now));
    }

    [Fact]
    public async Task A_server_that_starts_years_ahead_runs_its_jobs_again_once_the_clock_is_set_right()
    {
        if (!File.Exists(Library) || await OutsideTool.TryAsync("faketime", "-f", "+1d", "true") is not null) Assert.Skip("The machine's clock can't be faked here.");
        using var folder = new Folder();
        var offset = Path.Combine(folder.Path, "offset");
        await File.WriteAllTextAsync(offset, "+4y", Ct);
        var address = $"http://127.0.0.1:{ProgramRun.FreePort()}";
        await using var server = ProgramRun.Start(
            folder.Path, "serve", ("ASPNETCORE_URLS", address), ("LD_PRELOAD", Library), ("FAKETIME_TIMESTAMP_FILE", offset), ("FAKETIME_NO_CACHE", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"));
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        await server.ServingAsync(client);
        await server.UntilAsync(async () => (await client.GetStringAsync("/metrics", Ct)).Contains("serviceeval_job_lag_seconds{", StringComparison.Ordinal));

        var changed = offset + ".new";
        await File.WriteAllTextAsync(changed, "+0", Ct);
        File.Move(changed, offset, overwrite: true);

        await server.UntilAsync(() => server.Output.Contains("are planned again", StringComparison.Ordinal));
        Assert.Contains(nameof(ReportSweep), server.Output.Split('\n').First(line => line.Contains("are planned again", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Matches("serviceeval_job_lag_seconds\\{[^}]*job=\"ReportSweep\"[^}]*\\} 0\n", await client.GetStringAsync("/metrics", Ct));
    }

    private static RecurringJobDto Job(JobStorage storage)
    {
        using var connection = storage.GetConnection();
        return connection.GetRecurringJobs().Single(job => job.Id == nameof(ReportSweep));
    }

    /// <summary>As Hangfire itself keeps it.</summary>
    private static void Put(JobStorage storage, DateTime next)
    {
        using var connection = storage.GetConnection();
        using var change = connection.CreateWriteTransaction();
        change.SetRangeInHash($"recurring-job:{nameof(ReportSweep)}", [new("NextExecution", JobHelper.SerializeDateTime(next))]);
        change.AddToSet("recurring-jobs", nameof(ReportSweep), JobHelper.ToTimestamp(next));
        change.Commit();
    }

    /// <summary>A database that several nodes may share.</summary>
    private sealed class Server(DatabaseEngine file) : DatabaseEngine
    {
        public override IRatingStore Ratings => file.Ratings;
        public override IWriteGate Writes => file.Writes;
        public override IReadSnapshot Snapshots => file.Snapshots;
        public override ILedgerReader Ledger => file.Ledger;

        public override JobStorage NewJobStorage() => file.NewJobStorage();

        public override void Use(DbContextOptionsBuilder options) => file.Use(options);

        public override Task MigrateAsync(ServiceEvalDb db, CancellationToken ct) => file.MigrateAsync(db, ct);

        public override Task ExamineAsync(Findings findings, CancellationToken ct) => Task.CompletedTask;

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Warnings : ILogger<JobPlan>
    {
        public List<string> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Said.Add(formatter(state, exception));
    }
}
