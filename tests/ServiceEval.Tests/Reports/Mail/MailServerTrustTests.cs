using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Reports.Mail;

/// <summary>
/// Tests which servers the service connects to. It must send secrets only to a server that it can trust.
/// </summary>
public sealed class MailServerTrustTests
{
    private const string Li = "li@example.gov.cn";

    [Fact]
    public async Task A_server_without_STARTTLS_hears_nothing_but_a_greeting()
    {
        await using var server = await MailServer.StartAsync(new() { StartTls = false, AllowInsecureAuth = true });
        await using var host = await server.OnMondayAsync((Li, null));

        Assert.Contains(
            "邮件服务器不支持 STARTTLS，没有发送任何内容",
            await host.PageAsync(),
            StringComparison.Ordinal
        );
        Assert.Empty((await SaidAsync(server)).Except(["EHLO", "QUIT"]));
        Assert.Contains("EHLO", await SaidAsync(server));
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("mail.example.gov.cn", true)]
    public async Task A_certificate_of_an_unknown_authority_or_of_another_name_is_refused_before_anything_is_said(
        string name,
        bool trusted
    )
    {
        await using var server = await MailServer.StartAsync(new() { CertificateName = name });
        await using var host = await server.OnMondayAsync();
        await host.RestartAsync([
            .. server.Settings((Li, null)),
            .. trusted ? ((string, string)[])[] : [("ServiceEval:Mail:TrustedCertificate", "")],
        ]);
        await host.SweepAsync();

        Assert.Contains(
            "邮件服务器的证书不可信，或与主机名“127.0.0.1”不符，没有发送任何内容",
            await host.PageAsync(),
            StringComparison.Ordinal
        );
        Assert.Empty((await SaidAsync(server)).Except(["EHLO", "STARTTLS"]));
    }

    [Theory]
    [InlineData("Tls", true)]
    [InlineData("None", false)]
    public async Task A_setting_chooses_encryption_from_the_first_byte_or_none(string security, bool secure)
    {
        await using var server = await MailServer.StartAsync(
            new()
            {
                Tls = secure,
                StartTls = false,
                AllowInsecureAuth = true,
            }
        );
        await using var host = await server.OnMondayAsync();
        await host.RestartAsync([.. server.Settings((Li, null)), ("ServiceEval:Mail:Security", security)]);
        await host.SweepAsync();

        Assert.Single(await server.MailsAsync());
        Assert.All(
            await server.EventsAsync("command"),
            e => Assert.Equal(secure, e.GetProperty("secure").GetBoolean())
        );
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_once_the_file_is_mended_the_mail_goes_out()
    {
        using var folder = new Folder();
        var file = Path.Combine(folder.Path, "password");
        await File.WriteAllTextAsync(file, "wrong\n", TestContext.Current.CancellationToken);
        await using var server = await MailServer.StartAsync();
        await using var host = await server.OnMondayAsync();
        await host.RestartAsync([
            .. server.Settings((Li, null)),
            ("ServiceEval:Mail:Password", ""),
            ("ServiceEval:Mail:PasswordFile", file),
        ]);
        await host.SweepAsync();
        Assert.Contains(
            "邮件服务器不接受登录，请检查 ServiceEval__Mail__User 和密码：535",
            await host.PageAsync(),
            StringComparison.Ordinal
        );
        Assert.Contains("06:01后重试", await host.PageAsync(), StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, MailServer.Password + "\r\n", TestContext.Current.CancellationToken);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await host.SweepAsync();

        Assert.Single(await server.MailsAsync());
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_and_once_it_is_the_mails_go_out()
    {
        int port;
        await using (var gone = await MailServer.StartAsync())
            port = gone.Port;
        await using var server = await MailServer.StartAsync();
        await using var host = await server.OnMondayAsync();
        await host.RestartAsync([
            .. server.Settings((Li, null), ("zhang@example.gov.cn", null)),
            ("ServiceEval:Mail:Port", $"{port}"),
        ]);
        await host.SweepAsync();

        Assert.Equal(3, (await host.PageAsync()).Split($"邮件服务器 127.0.0.1:{port} 连接不上").Length);
        await host.RestartAsync(("ServiceEval:Mail:Port", $"{server.Port}"));
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await host.SweepAsync();
        Assert.Equal(2, (await server.MailsAsync()).Count);
    }

    private static async Task<IEnumerable<string>> SaidAsync(MailServer server) =>
        (await server.EventsAsync("command")).Select(e => e.GetProperty("line").GetString()!);
}
