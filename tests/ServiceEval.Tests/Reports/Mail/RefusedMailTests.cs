using System.Globalization;
using ServiceEval.Web.Features.Reports.Mail;
using ServiceEval.Web.Mail;

namespace ServiceEval.Tests.Reports.Mail;

public sealed class RefusedMailTests
{
    private const string Zhang = "zhang@example.gov.cn";
    private const string Li = "li@example.gov.cn";

    [Fact]
    public async Task An_older_version_that_still_waits_is_not_sent_after_its_successor()
    {
        await using var server = await MailServer.StartAsync(
            new MailScript { Recipients = new() { [Zhang] = ["451 4.3.2 busy", "250 OK"] } }
        );
        await using var host = await server.OnMondayAsync((Zhang, null));
        Assert.Empty(await server.MailsAsync());

        await host.RateLateAsync();
        await host.SweepAsync();
        host.Clock.Advance(TimeSpan.FromHours(1));
        await host.SweepAsync();

        Assert.EndsWith(
            "（第2版）",
            Assert.Single(await server.MailsAsync()).Subject!.Split('：')[0],
            StringComparison.Ordinal
        );
        Assert.Contains("已由第2版取代。", await host.PageAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Mails_dated_years_ahead_by_a_wrong_clock_are_sent_after_the_clock_is_right(int state)
    {
        await using var server = await MailServer.StartAsync(new());
        await using var host = await server.OnMondayAsync((Zhang, null));
        Assert.Single(await server.MailsAsync());

        await host.QueryAsync("UPDATE ReportMails SET State = $1, At = At + $2", state, 4L * 365 * 24 * 3_600_000);
        await host.SweepAsync();

        Assert.Equal(2, (await server.MailsAsync()).Count);
        Assert.Equal(3L, (await host.QueryAsync("SELECT State FROM ReportMails"))[0][0]);
    }

    [Fact]
    public async Task An_address_that_is_refused_is_told_with_the_servers_words_and_the_others_get_theirs()
    {
        await using var server = await MailServer.StartAsync(
            new() { Recipients = { [Li] = [$"550 5.1.1 <{Li}>: user unknown"] } }
        );
        await using var host = await server.OnMondayAsync((Li, null), (Zhang, null));
        host.Clock.Advance(TimeSpan.FromDays(1));
        await host.SweepAsync();

        Assert.Equal(
            [Li, Zhang],
            (await server.EventsAsync("recipient")).Select(e => e.GetProperty("address").GetString())
        );
        Assert.Equal(Zhang, Assert.Single(await server.MailsAsync()).To.ToString());
        var page = await host.PageAsync();
        foreach (
            var said in (string[])
                [
                    "已发送1封",
                    "county-2026-W47-v1",
                    "l***@example.gov.cn",
                    "未送达，不再重试",
                    "550 5.1.1 &lt;l***@example.gov.cn&gt;: user unknown",
                ]
        )
            Assert.Contains(said, page, StringComparison.Ordinal);
        Assert.DoesNotContain(Li, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_server_is_tried_again_after_one_minute_and_then_after_five()
    {
        await using var server = await MailServer.StartAsync(
            new() { Recipients = { [Li] = ["451 4.3.2 busy", "451 4.3.2 busy", "250"] } }
        );
        await using var host = await server.OnMondayAsync((Li, null));
        Assert.Contains("11月23日06:01后重试", await host.PageAsync(), StringComparison.Ordinal);
        Assert.Contains("451 4.3.2 busy", await host.PageAsync(), StringComparison.Ordinal);

        await AdvanceAsync(59, tries: 1);
        await AdvanceAsync(1, tries: 2);
        await AdvanceAsync(299, tries: 2);
        Assert.Empty(await server.MailsAsync());
        await AdvanceAsync(1, tries: 3);

        Assert.Single(await server.MailsAsync());
        var page = await host.PageAsync();
        Assert.Contains("已发送1封", page, StringComparison.Ordinal);
        Assert.DoesNotContain("busy", page, StringComparison.Ordinal);

        async Task AdvanceAsync(int seconds, int tries)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(seconds));
            await host.SweepAsync();
            Assert.Equal(tries, (await server.EventsAsync("recipient")).Count);
        }
    }

    [Fact]
    public void After_two_days_it_is_given_up()
    {
        var pauses = Enumerable
            .Range(1, 100)
            .Select(MailBackOff.After)
            .TakeWhile(p => p is not null)
            .Select(p => (int)p!.Value.TotalMinutes)
            .ToList();

        Assert.Equal([1, 5, 15, 60, 60], pauses.Take(5));
        Assert.InRange(pauses.Sum(), 47 * 60, 48 * 60);
    }

    [Fact]
    public async Task What_was_tried_for_two_days_is_refused_and_stays_so()
    {
        await using var server = await MailServer.StartAsync(new() { Recipients = { [Li] = ["451 4.3.2 busy"] } });
        await using var host = await server.OnMondayAsync((Li, null));
        await host.QueryAsync("UPDATE ReportMails SET Attempts = 50");
        for (var i = 0; i < 2; i++)
        {
            host.Clock.Advance(TimeSpan.FromHours(1));
            await host.SweepAsync();
        }

        Assert.Equal(2, (await server.EventsAsync("recipient")).Count);
        Assert.Contains("未送达，不再重试", await host.PageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_the_server_does_not_want_is_refused_and_a_sender_it_does_not_want_can_be_mended()
    {
        await using (var server = await MailServer.StartAsync(new() { Contents = { [Li] = ["554 5.7.1 spam"] } }))
        {
            await using var host = await server.OnMondayAsync((Li, null));
            Assert.Contains("未送达，不再重试", await host.PageAsync(), StringComparison.Ordinal);
            Assert.Contains("554 5.7.1 spam", await host.PageAsync(), StringComparison.Ordinal);
            Assert.DoesNotContain("两次", await host.PageAsync(), StringComparison.Ordinal);
        }
        await using (var server = await MailServer.StartAsync(new() { Sender = "553 5.7.1 not your address" }))
        {
            await using var host = await server.OnMondayAsync((Li, null));
            Assert.Contains("06:01后重试", await host.PageAsync(), StringComparison.Ordinal);
            Assert.Contains(
                "请检查 ServiceEval__Mail__From：553 5.7.1 not your address",
                await host.PageAsync(),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task A_connection_cut_after_the_message_may_mean_two_mails_and_one_cut_before_may_not()
    {
        await using var server = await MailServer.StartAsync(
            new() { Contents = { [Zhang] = ["cut", "250"] }, Recipients = { [Li] = ["cut", "250"] } }
        );
        await using var host = await server.OnMondayAsync((Zhang, null), (Li, null));
        await NextMinuteAsync(host);
        await AssertDoubleAsync(host);
        await NextMinuteAsync(host);

        await AssertDoubleAsync(host);
        var mails = (await server.MailsAsync()).ToLookup(m => m.To.ToString(), m => m.MessageId);
        Assert.Equal((1, 2), (mails[Li].Count(), mails[Zhang].Count()));
        Assert.Single(mails[Zhang].Distinct());
        Assert.Contains("可能发送了两次", await host.PageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_disconnects_after_every_message_gets_it_at_most_twice_and_the_page_says_so()
    {
        await using var server = await MailServer.StartAsync(new() { Contents = { [Zhang] = ["cut"] } });
        await using var host = await server.OnMondayAsync((Zhang, null));
        Assert.Contains("可能已送达", await host.PageAsync(), StringComparison.Ordinal);
        await NextMinuteAsync(host);
        for (var hour = 0; hour < 3; hour++)
        {
            host.Clock.Advance(TimeSpan.FromHours(1));
            await host.SweepAsync();
        }

        Assert.Equal(2, (await server.MailsAsync()).Count);
        Assert.Contains("可能已送达，不再重试", await host.PageAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("未送达", await host.PageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_that_may_have_arrived_waits_for_a_busy_server_before_its_second_attempt()
    {
        await using var server = await MailServer.StartAsync(
            new()
            {
                Contents = { [Zhang] = ["cut", "250"] },
                Recipients = { [Zhang] = ["250", "451 4.3.2 busy", "250"] },
            }
        );
        await using var host = await server.OnMondayAsync((Zhang, null));
        await NextMinuteAsync(host);
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        await host.SweepAsync();

        Assert.Equal(2, (await server.MailsAsync()).Count);
        Assert.Contains("已发送1封", await host.PageAsync(), StringComparison.Ordinal);
        Assert.Contains("可能发送了两次", await host.PageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_of_a_process_that_died_is_sent_again_after_half_an_hour_and_this_is_reported()
    {
        await using var server = await MailServer.StartAsync();
        await using var host = await server.OnMondayAsync((Zhang, null));
        await host.QueryAsync(
            "UPDATE ReportMails SET State = 2, At = $1",
            host.Clock.GetUtcNow().ToUnixTimeMilliseconds()
        );
        host.Clock.Advance(TimeSpan.FromMinutes(29));
        await host.Part<ReportMailSweep>().RunAsync(TestContext.Current.CancellationToken);
        Assert.Single(await server.MailsAsync());

        await NextMinuteAsync(host);

        var mails = await server.MailsAsync();
        Assert.Equal(2, mails.Count);
        Assert.Equal(mails[0].MessageId, mails[1].MessageId);
        Assert.Contains("可能发送了两次", await host.PageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_attempt_of_a_process_that_died_is_not_followed_by_a_third()
    {
        await using var server = await MailServer.StartAsync();
        await using var host = await server.OnMondayAsync((Zhang, null));
        await host.QueryAsync(
            "UPDATE ReportMails SET State = 2, MayBeDouble = 1, At = $1",
            host.Clock.GetUtcNow().ToUnixTimeMilliseconds()
        );
        host.Clock.Advance(TimeSpan.FromMinutes(30));
        await host.SweepAsync();

        Assert.Single(await server.MailsAsync());
        Assert.Contains("可能已送达，不再重试", await host.PageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopping_sweep_still_waits_for_the_reply_to_a_message_that_was_sent_completely()
    {
        await using var server = await MailServer.StartAsync(
            new() { Contents = { [Li] = ["451 4.3.2 busy", "hold"] } }
        );
        await using var host = await server.OnMondayAsync((Li, null));
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        using var stop = new CancellationTokenSource();
        var sweep = host.Part<ReportMailSweep>().RunAsync(stop.Token);
        await server.EventAsync("mail", count: 2);
        await stop.CancelAsync();
        await server.AnswerAsync();
        await sweep;

        var row = Assert.Single(await host.QueryAsync("SELECT State, MayBeDouble FROM ReportMails"));
        Assert.Equal((3L, 0L), (row[0], row[1]));
    }

    [Fact]
    public async Task A_host_that_stops_before_the_server_has_answered_notes_that_the_mail_may_have_arrived()
    {
        await using var server = await MailServer.StartAsync(new() { Contents = { [Li] = ["hold"] } });
        await using var host = await server.OnMondayAsync();
        await host.RestartAsync(server.Settings((Li, null)));
        await server.EventAsync("mail");
        await host.StopAsync();

        var row = Assert.Single(await host.QueryAsync("SELECT State, MayBeDouble FROM ReportMails"));
        Assert.Equal((1L, 1L), (row[0], row[1]));
    }

    private static async Task NextMinuteAsync(TestHost host)
    {
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await host.SweepAsync();
    }

    private static async Task AssertDoubleAsync(TestHost host)
    {
        var rows = await host.QueryAsync("SELECT Recipient, MayBeDouble FROM ReportMails ORDER BY Recipient");
        Assert.Equal(
            [(Li, false), (Zhang, true)],
            rows.Select(r => ((string)r[0]!, Convert.ToBoolean(r[1], CultureInfo.InvariantCulture)))
        );
    }
}
