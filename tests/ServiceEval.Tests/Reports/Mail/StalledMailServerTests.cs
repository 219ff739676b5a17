using Hangfire;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Mail;

namespace ServiceEval.Tests.Reports.Mail;

/// <summary>If a server closes connections or does not answer, only its own mails wait.</summary>
public sealed class StalledMailServerTests
{
    private const string Zhang = "zhang@example.gov.cn";
    private const string Li = "li@example.gov.cn";

    [Fact]
    public async Task After_a_connection_that_broke_off_a_sweep_makes_no_other_and_the_rest_waits_a_minute()
    {
        await using var server = await MailServer.StartAsync(new() { Recipients = { [Li] = ["cut", "250"] } });
        await using var host = await server.OnMondayAsync((Li, null), (Zhang, null));

        Assert.Single(await server.EventsAsync("login"));
        Assert.Equal(
            [(1L, 1L), (1L, 0L)],
            (await host.QueryAsync("SELECT State, Attempts FROM ReportMails ORDER BY Recipient")).Select(r =>
                ((long)r[0]!, (long)r[1]!)
            )
        );
        var page = await host.PageAsync();
        foreach (var said in (string[])["z***@example.gov.cn", "11月23日06:01后重试", "还没有发"])
            Assert.Contains(said, page, StringComparison.Ordinal);

        await NextMinuteAsync(host);
        Assert.Contains("已发送2封", await host.PageAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("还没有发", await host.PageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recipient_whose_mail_breaks_every_connection_delays_the_others_by_minutes_only()
    {
        await using var server = await MailServer.StartAsync(new() { Recipients = { [Li] = ["cut"] } });
        await using var host = await server.OnMondayAsync((Li, null), (Zhang, null));
        await NextMinuteAsync(host);
        await NextMinuteAsync(host);

        Assert.Equal(Zhang, Assert.Single(await server.MailsAsync()).To.ToString());
    }

    [Fact]
    public async Task While_it_does_not_answer_reports_are_compiled_and_no_second_sweep_begins()
    {
        await using var server = await MailServer.StartAsync(
            new() { Contents = { [Li] = ["hold"], [Zhang] = ["hold"] } }
        );
        await using var host = await server.OnMondayAsync();
        await host.RestartAsync(server.Settings((Li, null), (Zhang, null)));
        await server.EventAsync("mail");
        // A missing report is compiled at once. A new version would wait for the next day.
        await host.QueryAsync("DELETE FROM Reports WHERE Scope = $1", TestHost.Hall);
        var jobs = host.Part<IRecurringJobManager>();
        for (var minute = 0; minute < 3; minute++)
            jobs.Trigger(nameof(ReportMailSweep));
        var before = await host.CountAsync("Reports");
        jobs.Trigger(nameof(ReportSweep));
        await host.UntilAsync($"SELECT COUNT(*) > {before} FROM Reports", 1);

        Assert.Single(await server.MailsAsync());
        await server.AnswerAsync();
    }

    private static async Task NextMinuteAsync(TestHost host)
    {
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await host.SweepAsync();
    }
}
