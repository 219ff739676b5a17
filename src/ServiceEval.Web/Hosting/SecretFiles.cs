using ServiceEval.Core;
using ServiceEval.Core.Files;

namespace ServiceEval.Web.Hosting;

/// <summary>
/// Reads settings from a directory that has one file for each setting. Containers and systemd pass secrets in this
/// form. These settings override the environment.
/// </summary>
internal static class SecretFiles
{
    private const string Setting = "ServiceEval:SecretsDirectory";

    /// <summary>The variable in which systemd passes the directory of a unit's LoadCredential.</summary>
    private const string Credentials = "CREDENTIALS_DIRECTORY";

    /// <exception cref="OperatorException">The directory does not exist, is empty, or cannot be read.</exception>
    public static void AddSecretFiles(this ConfigurationManager configuration)
    {
        var given = configuration[Setting];
        var directory = string.IsNullOrEmpty(given) ? configuration[Credentials] : given;
        if (string.IsNullOrEmpty(directory))
            return;
        var name = string.IsNullOrEmpty(given) ? Credentials : "ServiceEval__SecretsDirectory";
        if (!SettingText.IsReadable(directory))
            throw new OperatorException(SettingText.Fault(name));
        directory = Path.GetFullPath(directory);
        try
        {
            if (!Directory.EnumerateFiles(directory).Any())
                throw new OperatorException(
                    $"{name} 所指的目录 {directory} 中没有文件，应每项设置一个文件，文件名如 ConnectionStrings__ServiceEval。"
                );
            configuration.AddKeyPerFile(directory, optional: false);
        }
        // The configuration wraps the exception of its provider.
        catch (Exception e)
            when ((e as IOException ?? e as UnauthorizedAccessException ?? e.InnerException)
                    is IOException
                        or UnauthorizedAccessException
            )
        {
            throw new OperatorException(
                $"{name} 所指的目录 {directory} 读不了：{FileFaults.Reason(e.InnerException ?? e)}，请检查路径和权限。",
                e
            );
        }
    }
}
