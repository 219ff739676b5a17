using ServiceEval.Core.Files;

namespace ServiceEval.Web.Hosting;

/// <summary>A file in a folder, both of which only the service's account can read.</summary>
internal static class OwnerFile
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>
    /// Writes the file. The file is complete or does not exist, even after a power failure.
    /// </summary>
    /// <exception cref="IOException">The file exists and must not be overwritten, or it cannot be written.</exception>
    public static void Write(string path, byte[] content, bool overwrite)
    {
        var folder = Path.GetDirectoryName(path)!;
        DataDirectory.Create(folder);
        Storage.WarnIfUnsynced(folder, AtomicFile.Write(path, content, AtomicFile.OwnerOnly, overwrite));
    }

    /// <summary>Finds a fault if other accounts can read or write the file.</summary>
    public static void Examine(Findings findings, string path)
    {
        if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Others) == 0)
            return;
        findings.Fault(
            $"别的账号可以读写密钥文件 {path}",
            $"请运行 chmod 600 {path}；如果可能已经被人读过，请联系维护人员换用新密钥。"
        );
    }
}
