namespace ServiceEval.Web.Hosting;

/// <summary>
/// Settings out of a directory of files, one a setting: what containers and systemd hand over secrets in. They win over
/// the environment.
/// </summary>
internal static class SecretFiles
{
    private const string Setting = "ServiceEval:SecretsDirectory";

    /// <summary>What systemd calls the directory of a unit's LoadCredential.</summary>
    private const string Credentials = "CREDENTIALS_DIRECTORY";

    /// <exception cref="StartException">The directory is not there, or has nothing in it that can be read.</exception>
    public static void AddSecretFiles(this ConfigurationManager configuration)
    {
        var given = configuration[Setting];
        var directory = string.IsNullOrEmpty(given) ? configuration[Credentials] : given;
        if (string.IsNullOrEmpty(directory))
            return;
        var name = string.IsNullOrEmpty(given) ? Credentials : "ServiceEval__SecretsDirectory";
        if (!SettingText.IsReadable(directory))
            throw new StartException(SettingText.Fault(name));
        directory = Path.GetFullPath(directory);
        try
        {
            if (!Directory.EnumerateFiles(directory).Any())
                throw new StartException(
                    $"{name} 所指的目录 {directory} 中没有文件，应每项设置一个文件，文件名如 ConnectionStrings__ServiceEval。"
                );
            configuration.AddKeyPerFile(directory, optional: false);
        }
        // The configuration wraps what its provider threw.
        catch (Exception e)
            when ((e as IOException ?? e as UnauthorizedAccessException ?? e.InnerException)
                    is IOException
                        or UnauthorizedAccessException
            )
        {
            throw new StartException(
                $"{name} 所指的目录 {directory} 读不了：{FileFaults.Reason(e.InnerException ?? e)}，请检查路径和权限。",
                e
            );
        }
    }
}
