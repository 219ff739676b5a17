using Hangfire;
using Hangfire.Common;
using Hangfire.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Upkeep;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Mail;

namespace ServiceEval.Tests.Hosting;

/// <summary>The clock of a machine is wrong and is then corrected while the server runs.</summary>
public sealed class ClockJumpTests
{
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

    /// <summary>
    /// After this node has planned by the correct clock, the other node plans by its own clock again.
    /// </summary>
    [Fact]
    public async Task Two_nodes_whose_clocks_differ_do_not_plan_against_each_other()
    {
        await using var host = await TestHost.StartAsync();
        var (storage, now) = (host.Part<JobStorage>(), TimeProvider.System.GetUtcNow().UtcDateTime);
        var (stopwatch, log) = (new FakeTimeProvider(), new Warnings());
        var plan = new JobPlan(
            host.Part<IRecurringJobManager>(),
            storage,
            new Server(host.Part<DatabaseEngine>()),
            host.Part<Func<IEnumerable<HostJob>>>(),
            log
        )
        {
            Stopwatch = stopwatch,
        };
        Put(storage, now.AddMinutes(140));
        Assert.Equal([nameof(ReportSweep)], await plan.MendAsync(now, Ct));

        Put(storage, now.AddMinutes(140));
        for (var look = 0; look < 4; look++)
            Assert.Empty(await plan.MendAsync(now, Ct));

        Assert.Equal(now.AddMinutes(140), Job(storage).NextExecution!.Value, TimeSpan.FromSeconds(1));
        Assert.Contains("at least 80 minutes", Assert.Single(log.Said), StringComparison.Ordinal);
        // The other node may have ended in this time.
        stopwatch.Advance(JobPlan.LongestPause);
        Assert.Equal([nameof(ReportSweep)], await plan.MendAsync(now, Ct));
    }

    [Fact]
    public void A_job_that_is_not_planned_at_all_lags_since_it_last_ran()
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;

        Assert.Equal(
            TimeSpan.FromHours(5),
            JobPlan.Lag(new RecurringJobDto { LastExecution = now.AddHours(-5), CreatedAt = now.AddDays(-9) }, now)
        );
        Assert.Equal(TimeSpan.FromDays(9), JobPlan.Lag(new RecurringJobDto { CreatedAt = now.AddDays(-9) }, now));
        Assert.Equal(
            TimeSpan.FromMinutes(7),
            JobPlan.Lag(new RecurringJobDto { NextExecution = now.AddMinutes(-7) }, now)
        );
        Assert.Equal(TimeSpan.Zero, JobPlan.Lag(new RecurringJobDto { NextExecution = now.AddMinutes(59) }, now));
    }

    [Fact]
    public async Task A_job_that_was_planned_by_a_clock_years_ahead_is_found_while_the_server_goes_on()
    {
        await using var host = await TestHost.StartAsync();
        var (storage, now) = (host.Part<JobStorage>(), TimeProvider.System.GetUtcNow().UtcDateTime);
        Put(storage, now.AddYears(4));
        using var jobs = new Jobs(host.Part<JobPlan>(), NullLogger<Jobs>.Instance)
        {
            Interval = TimeSpan.FromMilliseconds(50),
        };

        await jobs.StartAsync(Ct);

        var patience = System.Diagnostics.Stopwatch.StartNew();
        // The job is absent for a moment, between its removal and its new entry.
        while (Find(storage) is not { } job || job.NextExecution > now.AddDays(1))
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(30), "The job still waits for years.");
            await Task.Delay(20, Ct);
        }
        await jobs.StopAsync(Ct);
    }

    private static RecurringJobDto Job(JobStorage storage) => Find(storage)!;

    private static RecurringJobDto? Find(JobStorage storage)
    {
        using var connection = storage.GetConnection();
        return connection.GetRecurringJobs().SingleOrDefault(job => job.Id == nameof(ReportSweep));
    }

    /// <summary>Stores the next time in the same form as Hangfire.</summary>
    private static void Put(JobStorage storage, DateTime next)
    {
        using var connection = storage.GetConnection();
        using var change = connection.CreateWriteTransaction();
        change.SetRangeInHash(
            $"recurring-job:{nameof(ReportSweep)}",
            [new("NextExecution", JobHelper.SerializeDateTime(next))]
        );
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

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Said.Add(formatter(state, exception));
    }
}
