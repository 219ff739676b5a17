using ServiceEval.Tests.Hosting;
using ServiceEval.Web.Commands;

namespace ServiceEval.Tests.Reports.Mail;

public sealed class MailSettingsTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Host", "mail.example.gov.cn:587", "ServiceEval__Mail__Host 应为")]
    [InlineData("Port", "0", "ServiceEval__Mail__Port 应为 1～65535 的整数")]
    [InlineData("Port", "smtp", "ServiceEval__Mail__Port")]
    [InlineData("Security", "ssl", "ServiceEval__Mail__Security")]
    [InlineData("Security", "7", "ServiceEval__Mail__Security 只能是 StartTls、Tls 或 None")]
    [InlineData("From", "", "ServiceEval__Mail__From 没有设置")]
    [InlineData("From", "好差评", "ServiceEval__Mail__From 应为发件地址")]
    [InlineData("User", "", "没有设 ServiceEval__Mail__User")]
    [InlineData("Password", "", "请设 ServiceEval__Mail__PasswordFile 或 ServiceEval__Mail__Password")]
    [InlineData(
        "PasswordFile",
        "password",
        "ServiceEval__Mail__PasswordFile 和 ServiceEval__Mail__Password 只能设一个"
    )]
    [InlineData("TrustedCertificate", "nowhere.pem", "ServiceEval__Mail__TrustedCertificate 所指的证书文件")]
    [InlineData("TrustedCertificate", "password", "没有 PEM 格式的证书")]
    [InlineData("Recipients:0:Address", "zhang", "ServiceEval__Mail__Recipients__0__Address 应为一个邮件地址")]
    [InlineData(
        "Recipients:0:Address",
        "张三 <zhang@example.gov.cn>",
        "ServiceEval__Mail__Recipients__0__Address 应为一个邮件地址"
    )]
    [InlineData(
        "Recipients:0:Address",
        "zhang@example.gov.cn, li@example.gov.cn",
        "ServiceEval__Mail__Recipients__0__Address 应为一个邮件地址"
    )]
    [InlineData(
        "Recipients:0:Address",
        "zhang@example.gov.cn\r\nBcc: li@example.gov.cn",
        "ServiceEval__Mail__Recipients__0__Address 应为一个邮件地址"
    )]
    [InlineData(
        "Recipients:0:Scope",
        " ",
        "ServiceEval__Mail__Recipients__0__Scope 应为 county（最上级）、区划代码或大厅编码"
    )]
    [InlineData("Recipients:1:Address", "Zhang@example.gov.cn", "与前面的收件人重复")]
    public async Task A_wrong_setting_is_named_in_one_sentence(string name, string value, string said)
    {
        var file = Path.Combine(_folder.Path, "password");
        await File.WriteAllTextAsync(file, "secret", TestContext.Current.CancellationToken);
        if (value == "password")
            value = file;
        Assert.Contains(said, await SentenceAsync(($"ServiceEval:Mail:{name}", value)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "读不出来")]
    [InlineData("\n", "是空的，请写入密码")]
    public async Task A_password_file_without_a_password_is_named(string? content, string said)
    {
        var file = Path.Combine(_folder.Path, "password");
        if (content is not null)
            await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);

        var sentence = await SentenceAsync(("ServiceEval:Mail:Password", ""), ("ServiceEval:Mail:PasswordFile", file));

        Assert.Contains($"{file} {said}", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_a_recipient_is_told() =>
        Assert.Contains(
            "没有收件人",
            await SentenceAsync(("ServiceEval:Mail:Recipients:0:Address", null)),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Without_a_server_nothing_else_is_asked_for()
    {
        await using var host = await TestHost.StartInAsync(
            _folder.Path,
            ownsDirectory: false,
            ("ServiceEval:Mail:From", "nonsense"),
            ("ServiceEval:Mail:Port", "0")
        );
    }

    /// <summary>Returns the sentence of a start with correct settings except these.</summary>
    private async Task<string> SentenceAsync(params (string Name, string? Value)[] wrong)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ServiceEval:Mail:Host"] = "mail.example.gov.cn",
            ["ServiceEval:Mail:From"] = "hcp@example.gov.cn",
            ["ServiceEval:Mail:User"] = "hcp",
            ["ServiceEval:Mail:Password"] = "secret",
            ["ServiceEval:Mail:Recipients:0:Address"] = "zhang@example.gov.cn",
        };
        foreach (var (name, value) in wrong)
            settings[name] = value;
        var all = settings.Where(s => s.Value is not null).Select(s => (s.Key, s.Value!)).ToArray();
        var refusal = await Record.ExceptionAsync(() => TestHost.StartInAsync(_folder.Path, ownsDirectory: false, all));
        var sentence = CommandLine.Sentence(Assert.IsType<Exception>(refusal, exactMatch: false));
        Assert.True(sentence is not null, $"Nobody can act on this: {refusal}");
        Assert.Equal(1, sentence.Count(c => c == '。'));
        return sentence;
    }
}
