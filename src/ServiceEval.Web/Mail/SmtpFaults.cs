using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using ServiceEval.Core.Files;

namespace ServiceEval.Web.Mail;

/// <summary>
/// Describes the faults of the mail server in words that an operator can act on, and decides whether to try again.
/// </summary>
internal static class SmtpFaults
{
    private const int Longest = 500;
    private const string Setting = MailOptions.Setting;

    public static readonly MailOutcome OnStopping = MailOutcome.Later("服务停止时邮件还没有发完。");

    /// <summary>The process crashed during two attempts to send this mail.</summary>
    public static readonly MailOutcome OnLostAgain = MailOutcome.Later(
        "两次发送途中服务都意外停止，邮件服务器可能已经收下。",
        mayHaveArrived: true
    );

    /// <summary>The text for the mails that wait behind the mail during which the connection broke.</summary>
    public const string OnBroken = "邮件服务器在前面的邮件发送途中没有回应或断开了连接，这一封还没有发。";

    /// <summary>
    /// Returns the outcome of a fault while nothing has been sent yet. The mail is tried again, because every such
    /// fault can be corrected.
    /// </summary>
    public static MailOutcome OnConnecting(Exception e, MailOptions options, bool connected) =>
        MailOutcome.Later(
            e switch
            {
                NotSupportedException when connected => $"邮件服务器不提供登录方式，请检查 {Setting}__User 和端口。",
                NotSupportedException =>
                    $"邮件服务器不支持 STARTTLS，没有发送任何内容；请在服务器上启用，或改用 {Setting}__Security=Tls。",
                SslHandshakeException { ServerCertificate: not null } =>
                    $"邮件服务器的证书不可信，或与主机名“{options.Host}”不符，没有发送任何内容；内网服务器请用 {Setting}__TrustedCertificate 指定签发机构的证书。",
                SslHandshakeException =>
                    $"与邮件服务器的加密连接没有建立，没有发送任何内容；请检查 {Setting}__Port 和 {Setting}__Security 是否相配。",
                AuthenticationException => $"邮件服务器不接受登录，请检查 {Setting}__User 和密码：{e.Message}",
                SmtpCommandException refused => $"邮件服务器拒绝连接：{Reply(refused)}",
                UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException =>
                    $"密码文件或证书文件读不出来：{FileFaults.Reason(e)}。",
                OperationCanceledException or TimeoutException =>
                    $"邮件服务器 {options.Host}:{options.Port} 没有及时回应。",
                SocketException or IOException or ProtocolException =>
                    $"邮件服务器 {options.Host}:{options.Port} 连接不上：{e.Message}",
                _ => $"邮件服务器 {options.Host}:{options.Port} 连接不上：{e.GetType().Name}",
            }
        );

    /// <param name="whole">True if the whole message had been handed over.</param>
    public static MailOutcome OnSending(Exception e, bool whole) =>
        e switch
        {
            // A wrong sender makes the server refuse every mail, and the setting can be corrected.
            SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted } refused => MailOutcome.Later(
                $"邮件服务器不接受发件地址，请检查 {Setting}__From：{Reply(refused)}"
            ),
            SmtpCommandException refused => (int)refused.StatusCode >= 500
                ? MailOutcome.Never(Reply(refused))
                : MailOutcome.Later(Reply(refused)),
            ServiceNotAuthenticatedException => MailOutcome.Later(
                $"邮件服务器要求登录，请检查 {Setting}__User 和密码：{e.Message}"
            ),
            _ when whole => MailOutcome.Later(
                "邮件已全部交给服务器，但没有等到回应，服务器可能已经收下。",
                mayHaveArrived: true
            ),
            OperationCanceledException or TimeoutException => MailOutcome.Later(
                "邮件服务器没有及时回应，邮件没有发完。"
            ),
            _ => MailOutcome.Later($"发送途中连接断开，邮件没有发完（{e.GetType().Name}）。"),
        };

    public static string Cut(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        if (line.Length <= Longest)
            return line;
        return line[..(char.IsHighSurrogate(line[Longest - 1]) ? Longest - 1 : Longest)];
    }

    private static string Reply(SmtpCommandException refused) => $"{(int)refused.StatusCode} {refused.Message}";
}
