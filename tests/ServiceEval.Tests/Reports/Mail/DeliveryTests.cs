using MimeKit;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Mail;
using ServiceEval.Web.Features.Reports.Renderings;

namespace ServiceEval.Tests.Reports.Mail;

public sealed class DeliveryTests
{
    private const string Zhang = "zhang@example.gov.cn";
    private const string Li = "li@example.gov.cn";

    [Fact]
    public async Task Each_recipient_gets_only_the_report_of_its_own_scope_in_a_separate_encrypted_mail()
    {
        await using var server = await MailServer.StartAsync();
        await using var host = await server.OnMondayAsync((Zhang, null), (Li, TestHost.Hall));

        Assert.Equal(
            [("county-2026-W47-v1", Zhang), ("example-2026-W47-v1", Li)],
            (await server.MailsAsync()).Select(m => (ReportOf(m), OneRecipient(m)))
        );
        Assert.All(await server.EventsAsync("mail"), e => Assert.True(e.GetProperty("secure").GetBoolean()));
        Assert.All(await server.EventsAsync("login"), e => Assert.True(e.GetProperty("secure").GetBoolean()));
        Assert.All(await server.EventsAsync("mail"), e => Assert.Equal(1, e.GetProperty("to").GetArrayLength()));
        Assert.Contains("已发送2封", await host.PageAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("example.gov.cn", await host.PageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_says_the_summary_and_the_four_figures_in_both_its_bodies_and_has_the_report_attached()
    {
        await using var server = await MailServer.StartAsync();
        await using var host = await server.OnMondayAsync((Zhang, null));
        var mail = Assert.Single(await server.MailsAsync());

        Assert.Equal("好差评", ((MailboxAddress)mail.From[0]).Name);
        Assert.StartsWith("【演示数据】", mail.Subject, StringComparison.Ordinal);
        Assert.EndsWith("：好评率50.0%", mail.Subject, StringComparison.Ordinal);
        Assert.Equal("auto-generated", mail.Headers[HeaderId.AutoSubmitted]);
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 6, 0, 0, TimeSpan.FromHours(8)), mail.Date);
        foreach (var body in (string[])[mail.HtmlBody!, mail.TextBody!])
        {
            foreach (
                var said in (string[])
                    [
                        "本周共收到有效评价2条",
                        "有效评价",
                        "2条",
                        "好评率",
                        "50.0%",
                        "95%置信区间",
                        "9.5%～90.5%",
                        "主动评价占比",
                        "100%",
                        "演示数据",
                        "county-2026-W47-v1",
                    ]
            )
                Assert.Contains(said, body, StringComparison.Ordinal);
            Assert.DoesNotContain("取代", body, StringComparison.Ordinal);
            Assert.DoesNotContain("http", body, StringComparison.OrdinalIgnoreCase);
        }
        var attached = Assert.IsType<MimePart>(mail.Attachments.First(), exactMatch: false);
        Assert.Equal("county-2026-W47-v1.html", attached.FileName);
        using var content = new MemoryStream();
        await attached.Content!.DecodeToAsync(content, TestContext.Current.CancellationToken);
        var frozen = await host.Client.GetStringAsync(
            "/reports/county-2026-W47-v1.json",
            TestContext.Current.CancellationToken
        );
        Assert.Equal((await host.Part<ReportFiles>().HtmlAsync(WeeklyReport.Parse(frozen))).Content, content.ToArray());
    }

    [Fact]
    public async Task It_is_one_mail_a_recipient_and_version_however_often_the_sweep_runs()
    {
        await using var server = await MailServer.StartAsync();
        await using var host = await server.OnMondayAsync((Zhang, null));
        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ => host.Part<ReportMailSweep>().RunAsync(TestContext.Current.CancellationToken))
        );
        await host.RestartAsync(("ServiceEval:Mail:Recipients:0:Address", "Zhang@Example.gov.cn"));
        await host.SweepAsync();
        await host.RestartAsync(("ServiceEval:Mail:Recipients:0:Address", Zhang));
        await host.SweepAsync();
        Assert.Single(await server.MailsAsync());

        await host.RateLateAsync();
        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ => host.Part<ReportMailSweep>().RunAsync(TestContext.Current.CancellationToken))
        );
        await host.SweepAsync();

        var mails = await server.MailsAsync();
        Assert.Equal(["county-2026-W47-v1", "county-2026-W47-v2"], mails.Select(ReportOf));
        Assert.Contains("（第2版）", mails[1].Subject, StringComparison.Ordinal);
        Assert.Contains("取代第1版", mails[1].TextBody, StringComparison.Ordinal);
        Assert.Contains("取代第1版", mails[1].HtmlBody, StringComparison.Ordinal);
        Assert.NotEqual(mails[0].MessageId, mails[1].MessageId);
    }

    [Fact]
    public async Task A_mail_that_another_sweep_has_claimed_is_left_alone()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var server = await MailServer.StartAsync();
        await using var host = await server.OnMondayAsync();
        await host.QueryAsync(
            "INSERT INTO ReportMails (Scope, Week, Version, Recipient, State, Attempts, At, MayBeDouble) VALUES ('county', '2026-W47', 1, $1, 1, 0, 0, 0)",
            Zhang
        );
        var outbox = host.Part<MailOutbox>();
        var (first, second) = (Assert.Single(await outbox.DueAsync(ct)), Assert.Single(await outbox.DueAsync(ct)));

        Assert.True(await outbox.ClaimAsync(first, ct));
        Assert.False(await outbox.ClaimAsync(second, ct));
        Assert.Empty(await outbox.DueAsync(ct));
    }

    [Fact]
    public async Task Where_mail_comes_later_only_the_last_week_is_sent_and_then_all_that_follows()
    {
        await using var server = await MailServer.StartAsync();
        await using var host = await server.OnMondayAsync((Zhang, "nowhere"));
        host.Clock.Advance(TimeSpan.FromDays(7));
        await host.RateAsync();
        await host.CompileAsync();
        await host.RestartAsync(("ServiceEval:Mail:Recipients:0:Scope", "county"));
        await host.SweepAsync();
        Assert.Equal(["county-2026-W48-v1"], (await server.MailsAsync()).Select(ReportOf));

        // A week from before the recipient was added gets a new version. After that, a host that was down for two weeks
        // makes up for both weeks.
        await host.RateLateAsync();
        await host.SweepAsync();
        host.Clock.Advance(TimeSpan.FromDays(14));
        await host.RateAsync();
        await host.CompileAsync();
        await host.SweepAsync();

        Assert.Equal(
            ["county-2026-W48-v1", "county-2026-W49-v1", "county-2026-W50-v1"],
            (await server.MailsAsync()).Select(ReportOf)
        );
    }

    [Fact]
    public async Task An_unknown_hall_of_a_recipient_is_reported_and_a_removed_recipient_gets_no_more_mail()
    {
        await using var server = await MailServer.StartAsync(new() { Recipients = { [Li] = ["451 4.3.2 later"] } });
        await using var host = await server.OnMondayAsync((Zhang, "nowhere"), (Li, null));
        Assert.Contains("没有编码为“nowhere”的区划或大厅", await host.PageAsync(), StringComparison.Ordinal);
        Assert.Contains("z***@example.gov.cn", await host.PageAsync(), StringComparison.Ordinal);

        await host.RestartAsync(("ServiceEval:Mail:Recipients:1:Address", "wang@example.gov.cn"));
        host.Clock.Advance(TimeSpan.FromHours(1));
        await host.SweepAsync();

        Assert.Equal(
            [Li, "wang@example.gov.cn"],
            (await server.EventsAsync("recipient")).Select(e => e.GetProperty("address").GetString())
        );
        Assert.DoesNotContain("l***@", await host.PageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_line_in_a_title_begins_no_header()
    {
        await using var server = await MailServer.StartAsync();
        await using var host = await TestHost.StartAsync(server.Settings((Zhang, TestHost.Hall)));
        await host.QueryAsync(
            "UPDATE Halls SET Name = $1; UPDATE Installation SET DirectoryVersion = DirectoryVersion + 1",
            "大厅\r\nBcc: evil@example.com\r\n\r\n<b>x</b>"
        );
        await host.RestartAsync();
        await host.RateAsync();
        host.Clock.Advance(TimeSpan.FromHours(4 * 24 + 20));
        await host.CompileAsync();
        await host.SweepAsync();

        var mail = Assert.Single(await server.MailsAsync());
        Assert.Empty(mail.Bcc);
        Assert.Null(mail.Headers["Bcc"]);
        Assert.Contains("Bcc: evil@example.com", mail.Subject, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>x</b>", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Equal(
            [Zhang],
            (await server.EventsAsync("recipient")).Select(e => e.GetProperty("address").GetString())
        );
    }

    [Fact]
    public async Task Without_a_mail_server_nothing_is_said_of_mails()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        host.Clock.Advance(TimeSpan.FromHours(4 * 24 + 20));
        await host.CompileAsync();
        await host.SweepAsync();

        Assert.DoesNotContain("邮件", await host.PageAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await host.CountAsync("ReportMails"));
    }

    private static string ReportOf(MimeMessage mail) =>
        Path.GetFileNameWithoutExtension(
            Assert.IsType<MimePart>(mail.Attachments.First(), exactMatch: false).FileName!
        );

    private static string OneRecipient(MimeMessage mail) =>
        Assert.IsType<MailboxAddress>(Assert.Single(mail.To)).Address;
}
