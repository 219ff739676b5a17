using System.Runtime.InteropServices;
using System.Text;

namespace ServiceEval.Core.Files;

/// <summary>
/// Writes a file that is complete or does not exist, even after a power failure. The content is first written to
/// <see cref="Unfinished"/>, a new name in the same folder. <see cref="Commit"/> syncs it and renames it. Without a
/// commit, disposing deletes it. A killed process leaves the unfinished file behind, and nothing reads it.
/// </summary>
internal sealed class AtomicFile(string path) : IDisposable
{
    /// <summary>The ending of the unfinished files. Backups do not contain files with this ending.</summary>
    public const string Ending = ".new";

    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Unfinished { get; } = $"{path}.{Guid.CreateVersion7():N}{Ending}";

    /// <summary>Returns the options of a new file to write.</summary>
    public static FileStreamOptions NewFile(UnixFileMode mode = OwnerOnly)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        return options;
    }

    /// <returns>The result of <see cref="SyncNames"/>.</returns>
    /// <exception cref="IOException">The file exists and must not be overwritten, or it cannot be written.</exception>
    public static int? Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode, bool overwrite)
    {
        using var file = new AtomicFile(path);
        using (var stream = new FileStream(file.Unfinished, NewFile(mode)))
            stream.Write(content);
        return file.Commit(overwrite);
    }

    /// <inheritdoc cref="Move"/>
    public int? Commit(bool overwrite)
    {
        // A second handle can sync what another library has written to the file.
        using (var file = new FileStream(Unfinished, FileMode.Open, FileAccess.ReadWrite))
            file.Flush(flushToDisk: true);
        return Move(Unfinished, path, overwrite);
    }

    public void Dispose() => File.Delete(Unfinished);

    /// <summary>Renames a file whose content is synced already, and syncs the name.</summary>
    /// <returns>The result of <see cref="SyncNames"/>.</returns>
    /// <exception cref="IOException">The file exists and must not be overwritten, or it cannot be renamed.</exception>
    public static int? Move(string from, string to, bool overwrite)
    {
        File.Move(from, to, overwrite);
        return SyncNames(Path.GetDirectoryName(Path.GetFullPath(to))!);
    }

    /// <summary>Syncs a folder, so that the names of new or moved files survive a power failure.</summary>
    /// <returns>
    /// Null on success and on other systems than Linux. Otherwise the system's error number. Some file systems (CIFS,
    /// 9p, FUSE) cannot sync a folder. The contents of the files are on the disk then, so this is not an exception.
    /// </returns>
    public static int? SyncNames(string folder)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var handle = open(Encoding.UTF8.GetBytes(folder + '\0'), 0);
        if (handle < 0)
            return Marshal.GetLastPInvokeError();
        int? error = fsync(handle) != 0 ? Marshal.GetLastPInvokeError() : null;
        _ = close(handle);
        return error;
    }

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open(byte[] path, int flags);

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fsync(int handle);

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int close(int handle);
}
