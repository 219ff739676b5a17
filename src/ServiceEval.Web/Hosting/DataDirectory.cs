using System.Runtime.Versioning;
using ServiceEval.Core;
using ServiceEval.Core.Files;

namespace ServiceEval.Web.Hosting;

/// <summary>The data directory. It contains the keys, the kept heads and, on SQLite, the database.</summary>
internal static class DataDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Creates the data directory if it is missing, and checks that it is writable. Closes it to other accounts if it
    /// is empty.
    /// </summary>
    /// <exception cref="OperatorException">The directory cannot be created or is not writable.</exception>
    public static async Task PrepareAsync(string path, CancellationToken ct)
    {
        await PrepareAsync(path, "数据目录", "ServiceEval__DataDirectory", ct);
        if (!OperatingSystem.IsWindows())
            Close(path);
    }

    /// <summary>
    /// Creates another directory of the program, such as the log directory, and checks that it is writable. The error
    /// message uses its name and its setting.
    /// </summary>
    /// <exception cref="OperatorException">The directory cannot be created or is not writable.</exception>
    public static async Task PrepareAsync(string path, string what, string setting, CancellationToken ct)
    {
        try
        {
            Create(path);
            var probe = Path.Combine(path, $".write-{Guid.CreateVersion7()}");
            await File.WriteAllBytesAsync(probe, [], ct);
            File.Delete(probe);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new OperatorException($"{what} {path} 建不了：那里不能建目录，请用 {setting} 另指一处。", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(
                $"{what} {path} {(Directory.Exists(path) ? "写不进" : "建不了")}：{FileFaults.Reason(e)}，请检查目录权限，或用 {setting} 另指一处。",
                e
            );
        }
    }

    /// <summary>
    /// Removes the access of other accounts from a directory that somebody created with default permissions. This is
    /// done only while it is empty, because then no other account can depend on it. For a directory with content there
    /// is only a warning, because other accounts may use it.
    /// </summary>
    [UnsupportedOSPlatform("windows")]
    private static void Close(string path)
    {
        const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        if ((File.GetUnixFileMode(path) & Others) == 0)
            return;
        try
        {
            if (!Directory.EnumerateFileSystemEntries(path).Any())
            {
                File.SetUnixFileMode(path, OwnerOnly);
                return;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The directory belongs to another account, so there is only a warning.
        }
        Serilog.Log.Warning(
            "Other accounts of this machine can open the data directory {Path}, which contains citizens' comments. Run chmod o-rwx on it",
            path
        );
    }

    /// <summary>
    /// Creates a directory that only this account can open, because it contains citizens' comments. An existing
    /// directory keeps its permissions.
    /// </summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly);
    }
}
