using System.Diagnostics;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Compiling;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Mail;

namespace ServiceEval.Tests.Reports.Mail;

/// <summary>Helpers for a host in the tests of mails.</summary>
internal static class MailHost
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The time from the host's Wednesday to the next Monday, 06:00 in Asia/Shanghai.</summary>
    private static readonly TimeSpan ToMonday = TimeSpan.FromHours(4 * 24 + 20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>
    /// Returns a host with the reports of its first week, 2026-W47. All mails that are due have been sent.
    /// </summary>
    public static async Task<TestHost> OnMondayAsync(
        this MailServer server,
        params (string Address, string? Scope)[] recipients
    )
    {
        var host = await TestHost.StartAsync(server.Settings(recipients));
        await host.RateAsync(Grade.VerySatisfied);
        await host.RateAsync(Grade.Dissatisfied);
        host.Clock.Advance(ToMonday);
        await host.CompileAsync();
        await host.SweepAsync();
        return host;
    }

    public static Task CompileAsync(this TestHost host) => host.Part<ReportSweep>().RunAsync(Ct);

    /// <summary>
    /// Sends the mails that are due, and waits for mails that the host's own sweep sends at the same time.
    /// </summary>
    public static async Task SweepAsync(this TestHost host)
    {
        await host.Part<ReportMailSweep>().RunAsync(Ct);
        await host.UntilAsync("SELECT COUNT(*) FROM ReportMails WHERE State = 2", 0);
    }

    public static async Task UntilAsync(this TestHost host, string sql, long expected)
    {
        var waited = Stopwatch.StartNew();
        while ((long)(await host.QueryAsync(sql))[0][0]! != expected)
        {
            Assert.True(waited.Elapsed < Limit, $"It never became {expected}: {sql}");
            await Task.Delay(20, Ct);
        }
    }

    public static async Task<string> PageAsync(this TestHost host) => await host.Client.GetStringAsync("/reports", Ct);

    /// <summary>Stores a rating of the first week after its report, and compiles the report's next version.</summary>
    public static async Task RateLateAsync(this TestHost host)
    {
        await host.RateFirstWeekAsync();
        // A person requests the report, because the sweep makes only one version a day.
        await host.Part<ReportShelf>()
            .EnsureAsync(ReportScope.Root(host.Part<HallDirectory>().Current), new IsoWeek(2026, 47), Ct);
    }

    public static async Task RateFirstWeekAsync(this TestHost host)
    {
        var now = host.Clock.GetUtcNow();
        host.Clock.AdjustTime(TestHost.Start.AddHours(1));
        await host.RateAsync();
        host.Clock.AdjustTime(now);
    }
}
