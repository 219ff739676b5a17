using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using ServiceEval.Core.Files;

namespace ServiceEval.Web.Mail;

/// <summary>
/// Describes each fault in one sentence. Does not check whether the halls exist, because they are in the database and
/// may be added later.
/// </summary>
internal sealed class MailOptionsCheck : IValidateOptions<MailOptions>
{
    private const string Setting = MailOptions.Setting;

    public ValidateOptionsResult Validate(string? name, MailOptions options)
    {
        if (!options.IsOn)
            return ValidateOptionsResult.Success;
        List<string> faults = [.. Server(options), .. LogIn(options), .. Recipients(options)];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Server(MailOptions options)
    {
        if (Uri.CheckHostName(options.Host) == UriHostNameType.Unknown)
            yield return $"{Setting}__Host 应为邮件服务器的主机名或 IP 地址，不带端口，现在是“{options.Host}”。";
        if (options.Port is < 1 or > 65535)
            yield return $"{Setting}__Port 应为 1～65535 的整数。";
        if (!Enum.IsDefined(options.Security))
            yield return $"{Setting}__Security 只能是 StartTls、Tls 或 None。";
        if (string.IsNullOrWhiteSpace(options.From))
            yield return $"{Setting}__From 没有设置：请填发件地址。";
        else if (MailAddresses.Parse(options.From) is null)
            yield return $"{Setting}__From 应为发件地址，如 好差评 <hcp@example.gov.cn>，现在是“{options.From}”。";
        if (
            !string.IsNullOrEmpty(options.TrustedCertificate)
            && ComplaintOnCertificate(options.TrustedCertificate) is { } complaint
        )
            yield return complaint;
    }

    private static IEnumerable<string> LogIn(MailOptions options)
    {
        var (hasUser, hasFile, hasPassword) = (
            !string.IsNullOrEmpty(options.User),
            !string.IsNullOrEmpty(options.PasswordFile),
            !string.IsNullOrEmpty(options.Password)
        );
        if (hasFile && hasPassword)
            yield return $"{Setting}__PasswordFile 和 {Setting}__Password 只能设一个。";
        else if (hasUser && !hasFile && !hasPassword)
            yield return $"{Setting}__User 已设，但没有密码：请设 {Setting}__PasswordFile 或 {Setting}__Password。";
        else if (!hasUser && (hasFile || hasPassword))
            yield return $"{Setting} 设了密码，但没有设 {Setting}__User。";
        if (hasFile && MailPassword.ComplaintOnFile(options.PasswordFile!) is { } complaint)
            yield return complaint;
    }

    private static IEnumerable<string> Recipients(MailOptions options)
    {
        if (options.Recipients.Length == 0)
            yield return $"{Setting}__Host 已设，但没有收件人：请设 {Setting}__Recipients__0__Address。";
        var seen = new HashSet<(string, string)>();
        foreach (var (index, recipient) in options.Recipients.Index())
        {
            if (MailAddresses.Parse(recipient.Address)?.Address != recipient.Address)
                yield return $"{Setting}__Recipients__{index}__Address 应为一个邮件地址，如 zhang@example.gov.cn，现在是“{recipient.Address}”。";
            else if (!seen.Add((recipient.Scope, recipient.Address.ToUpperInvariant())))
                yield return $"{Setting}__Recipients__{index} 与前面的收件人重复（{recipient.Address}，{recipient.Scope}）。";
            if (string.IsNullOrWhiteSpace(recipient.Scope))
                yield return $"{Setting}__Recipients__{index}__Scope 应为 county（最上级）、区划代码或大厅编码。";
        }
    }

    private static string? ComplaintOnCertificate(string path)
    {
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(path);
            return found.Count > 0 ? null : $"{Setting}__TrustedCertificate 所指的文件 {path} 里没有 PEM 格式的证书。";
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return $"{Setting}__TrustedCertificate 所指的证书文件 {path} 读不出来：{(e is CryptographicException ? "内容不是证书" : FileFaults.Reason(e))}，请检查路径和权限。";
        }
    }
}
