using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace ServiceEval.Web.Features.Reports.Mail;

/// <summary>Each fault in a sentence. Halls are not asked for: they are in the database and may come later.</summary>
internal sealed class MailOptionsCheck : IValidateOptions<MailOptions>
{
    private const string Section = MailOptions.Section;

    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        if (!options.IsOn) return ValidateOptionsResult.Success;
        List<string> faults = [.. Server(options), .. LogIn(options), .. Recipients(options)];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Server(MailOptions options)
    {
        if (Uri.CheckHostName(options.Host) == UriHostNameType.Unknown)
            yield return $"{Section}:Host 应为邮件服务器的主机名或 IP 地址，不带端口，现在是“{options.Host}”。";
        if (options.Port is < 1 or > 65535) yield return $"{Section}:Port 应为 1～65535 的整数。";
        if (!Enum.IsDefined(options.Security)) yield return $"{Section}:Security 只能是 StartTls、Tls 或 None。";
        if (string.IsNullOrWhiteSpace(options.From)) yield return $"{Section}:From 没有设置：请填发件地址。";
        else if (MailAddresses.Parse(options.From) is null) yield return $"{Section}:From 应为发件地址，如 好差评 <hcp@example.gov.cn>，现在是“{options.From}”。";
        if (!string.IsNullOrEmpty(options.TrustedCertificate) && ComplaintOnCertificate(options.TrustedCertificate) is { } complaint) yield return complaint;
    }

    private static IEnumerable<string> LogIn(MailOptions options)
    {
        var (hasUser, hasFile, hasPassword) =
            (!string.IsNullOrEmpty(options.User), !string.IsNullOrEmpty(options.PasswordFile), !string.IsNullOrEmpty(options.Password));
        if (hasFile && hasPassword) yield return $"{Section}:PasswordFile 和 {Section}:Password 只能设一个。";
        else if (hasUser && !hasFile && !hasPassword) yield return $"{Section}:User 已设，但没有密码：请设 {Section}:PasswordFile 或 {Section}:Password。";
        else if (!hasUser && (hasFile || hasPassword)) yield return $"{Section} 设了密码，但没有设 {Section}:User。";
        if (hasFile && MailPassword.ComplaintOnFile(options.PasswordFile!) is { } complaint) yield return complaint;
    }

    private static IEnumerable<string> Recipients(MailOptions options)
    {
        if (options.Recipients.Length == 0) yield return $"{Section}:Host 已设，但没有收件人：请设 {Section}:Recipients:0:Address。";
        var seen = new HashSet<(string, string)>();
        foreach (var (index, recipient) in options.Recipients.Index())
        {
            if (MailAddresses.Parse(recipient.Address)?.Address != recipient.Address)
                yield return $"{Section}:Recipients:{index}:Address 应为一个邮件地址，如 zhang@example.gov.cn，现在是“{recipient.Address}”。";
            else if (!seen.Add((recipient.Scope, recipient.Address.ToUpperInvariant())))
                yield return $"{Section}:Recipients:{index} 与前面的收件人重复（{recipient.Address}，{recipient.Scope}）。";
            if (string.IsNullOrWhiteSpace(recipient.Scope)) yield return $"{Section}:Recipients:{index}:Scope 应为 county 或大厅编码。";
        }
    }

    private static string? ComplaintOnCertificate(string path)
    {
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(path);
            return found.Count > 0 ? null : $"{Section}:TrustedCertificate 所指的文件 {path} 里没有 PEM 格式的证书。";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"{Section}:TrustedCertificate 所指的证书文件 {path} 读不出来：{e.Message} 请检查路径和权限。";
        }
    }
}
