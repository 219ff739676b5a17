using System.Diagnostics;
using System.Text;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Reports.Mail;

/// <summary>The service in its own process: it is killed during its work, and its logs are checked.</summary>
public sealed class MailProcessTests
{
    private const string Zhang = "zhang@example.gov.cn";
    private const string Li = "li@example.gov.cn";

    [Fact]
    public async Task A_process_killed_before_it_recorded_a_sent_mail_causes_a_second_mail_and_this_is_reported()
    {
        await using var server = await MailServer.StartAsync(new() { Contents = { [Zhang] = ["hold", "250"] } });
        await using var host = await MondayWithoutMailAsync(server);
        await DueAsync(host, Zhang);
        await host.StopAsync();
        await using (await Serve(host, server.Settings((Zhang, null))).ServeAsync())
            await server.EventAsync("mail");

        var row = Assert.Single(
            await host.QueryAsync("SELECT State, MayBeDouble FROM ReportMails WHERE Week = '2026-W47'")
        );
        Assert.Equal((2L, 0L), (row[0], row[1]));
        // The killed process used the real clock. The next host uses its own clock.
        await host.QueryAsync(
            "UPDATE ReportMails SET At = $1 WHERE State = 2",
            host.Clock.GetUtcNow().AddMinutes(-30).ToUnixTimeMilliseconds()
        );
        await host.RestartAsync(server.Settings((Zhang, null)));
        await host.SweepAsync();

        var mails = await server.MailsAsync();
        Assert.Equal(2, mails.Count);
        Assert.Equal(mails[0].MessageId, mails[1].MessageId);
        Assert.Contains("可能发送了两次", await host.PageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_tell_of_each_mail_and_bear_no_password_and_no_whole_address()
    {
        var plain = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{MailServer.User}\0{MailServer.Password}"));
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes(MailServer.Password));
        var wrong = "Wrong-Pa55";
        var wrongPlain = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{MailServer.User}\0{wrong}"));
        await using var server = await MailServer.StartAsync(
            new()
            {
                BadLogin = $"535 5.7.8 you said {wrongPlain}, that is {wrong}",
                Recipients = { [Li] = [$"550 5.1.1 <{Li}>: {MailServer.Password} {plain} user unknown"] },
            }
        );
        await using var host = await MondayWithoutMailAsync(server);
        await DueAsync(host, Zhang);
        await DueAsync(host, Li);
        await host.StopAsync();

        var settings = server.Settings((Zhang, null), (Li, null), ("wang@example.gov.cn", "nowhere"));
        var log = await LogAsync(
            host,
            [.. settings, ("ServiceEval:Mail:Password", wrong)],
            "State = 1 AND Attempts = 1",
            2
        );
        await host.QueryAsync("UPDATE ReportMails SET At = 0");
        log += await LogAsync(host, settings, "State IN (3, 4)", 2);

        foreach (
            var told in (string[])
                [
                    "Report county-2026-W47-v1 mailed to z***@example.gov.cn at attempt 2",
                    "will not reach l***@example.gov.cn",
                    "There is no region or hall nowhere: w***@example.gov.cn",
                    "you said ***, that is ***",
                ]
        )
            Assert.Contains(told, log, StringComparison.Ordinal);
        var kept = string.Join('\n', (await host.QueryAsync("SELECT Refusal FROM ReportMails")).Select(r => r[0]));
        foreach (var secret in (string[])[MailServer.Password, plain, login, wrong, wrongPlain])
        {
            Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, kept, StringComparison.Ordinal);
        }
        foreach (var address in (string[])[Zhang, Li, "wang@example.gov.cn"])
            Assert.DoesNotContain(address, log, StringComparison.Ordinal);
    }

    /// <summary>Serves until the number of rows is reached and returns the log.</summary>
    private static async Task<string> LogAsync(
        TestHost host,
        (string Name, string Value)[] settings,
        string where,
        long rows
    )
    {
        await using var service = ProgramRun.Start(
            host.DataDirectory,
            "serve",
            [
                ("ServiceEval__DataDirectory", host.DataDirectory),
                ("ASPNETCORE_URLS", "http://127.0.0.1:0"),
                ("ServiceEval__LogFormat", "text"),
                .. settings.Select(Environment),
            ]
        );
        await host.UntilAsync($"SELECT COUNT(*) FROM ReportMails WHERE Week = '2026-W47' AND {where}", rows);
        service.Signal("TERM");
        await service.ExitAsync();
        return service.Output + service.Errors;
    }

    private static ServiceProcess Serve(TestHost host, (string Name, string Value)[] settings) =>
        settings
            .Select(Environment)
            .Aggregate(
                new ServiceProcess(host.DataDirectory),
                (process, setting) => process.With(setting.Name, setting.Value)
            );

    private static (string Name, string Value) Environment((string Name, string Value) setting) =>
        (setting.Name.Replace(":", "__", StringComparison.Ordinal), setting.Value);

    /// <summary>Returns a host with the first week's report and without a recipient.</summary>
    private static async Task<TestHost> MondayWithoutMailAsync(MailServer server)
    {
        var host = await server.OnMondayAsync();
        Assert.Equal(0, await host.CountAsync("ReportMails"));
        return host;
    }

    /// <summary>Inserts a mail as the sweep does, independent of the date of this machine.</summary>
    private static Task DueAsync(TestHost host, string address) =>
        host.QueryAsync(
            "INSERT INTO ReportMails (Scope, Week, Version, Recipient, State, Attempts, At, MayBeDouble) VALUES ('county', '2026-W47', 1, $1, 1, 0, 0, 0)",
            address
        );
}
