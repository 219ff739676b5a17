using System.Runtime.Versioning;

namespace ServiceEval.Web.Hosting;

/// <summary>Keys, heads and, on SQLite, the database.</summary>
internal static class DataDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes it if need be, and finds out whether it can be written.</summary>
    /// <exception cref="StartException">It can't.</exception>
    public static async Task PrepareAsync(string path, CancellationToken ct)
    {
        await PrepareAsync(path, "数据目录", "ServiceEval__DataDirectory", ct);
        if (!OperatingSystem.IsWindows())
            Close(path);
    }

    /// <summary>Another directory of this program's, by the name and the setting that people know it by.</summary>
    /// <exception cref="StartException">It can't be written.</exception>
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
            throw new StartException($"{what} {path} 建不了：那里不能建目录，请用 {setting} 另指一处。", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException(
                $"{what} {path} {(Directory.Exists(path) ? "写不进" : "建不了")}：{FileFaults.Reason(e)}，请检查目录权限，或用 {setting} 另指一处。",
                e
            );
        }
    }

    /// <summary>
    /// One that was made beforehand is open to other accounts of the machine, as directories are by default. While it
    /// is empty nobody else can need that; one with something in it may be somebody else's too, and is only named.
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
            // Another account's: then it is only named.
        }
        Serilog.Log.Warning(
            "Other accounts of this machine may enter the data directory {Path}, where citizens' comments are: run chmod o-rwx on it",
            path
        );
    }

    /// <summary>
    /// Comments are for the service's own account only; a directory that is there keeps the access it was given.
    /// </summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerOnly);
    }
}
