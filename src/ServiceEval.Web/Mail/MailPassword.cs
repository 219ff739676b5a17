using System.Text;
using ServiceEval.Core.Files;

namespace ServiceEval.Web.Mail;

/// <summary>Reads the password again for each log-in, so that it can be changed while the service runs.</summary>
internal static class MailPassword
{
    /// <exception cref="IOException">The file is missing.</exception>
    public static string Read(MailOptions options) =>
        string.IsNullOrEmpty(options.PasswordFile) ? options.Password ?? "" : ReadFile(options.PasswordFile);

    public static string? ComplaintOnFile(string path)
    {
        try
        {
            return ReadFile(path).Length > 0
                ? null
                : $"{MailOptions.Setting}__PasswordFile 所指的文件 {path} 是空的，请写入密码。";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"{MailOptions.Setting}__PasswordFile 所指的密码文件 {path} 读不出来：{FileFaults.Reason(e)}，请检查路径和权限。";
        }
    }

    /// <summary>Removes the password from a server's reply, in case the server repeats it.</summary>
    public static string Remove(string said, string user, string password)
    {
        if (password.Length == 0)
            return said;
        foreach (var secret in (string[])[Base64($"\0{user}\0{password}"), Base64(password), password])
            said = said.Replace(secret, "***", StringComparison.Ordinal);
        return said;
    }

    // Editors end a file with a newline that is not visible.
    private static string ReadFile(string path) => File.ReadAllText(path).TrimEnd('\r', '\n');

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
