using System.Runtime.InteropServices;
using System.Text;
using ServiceEval.Core.Files;

namespace ServiceEval.Web.Hosting;

/// <summary>
/// Reports properties of a path's storage that .NET does not offer. They are known on Linux. On other systems most are
/// unknown.
/// </summary>
internal static class Storage
{
    private const long Tmpfs = 0x01021994,
        Ramfs = 0x858458f6;

    // The layout of statfs on 64-bit Linux: type, block size, blocks, free, available, files, free files, id.
    private const int TypeAt = 0,
        BlockSizeAt = 8,
        AvailableAt = 32,
        IdAt = 56;

    /// <summary>
    /// Returns <c>tmpfs</c> or <c>ramfs</c> if the path is in memory, where files are lost without power. Otherwise
    /// returns null.
    /// </summary>
    public static string? InMemory(string path) =>
        Status(path) is not { } status
            ? null
            : BitConverter.ToInt64(status, TypeAt) switch
            {
                Tmpfs => "tmpfs",
                Ramfs => "ramfs",
                _ => null,
            };

    /// <summary>
    /// Returns the number of bytes that this account can still write there; long.MaxValue if it is unknown.
    /// </summary>
    public static long Free(string path)
    {
        if (Status(path) is { } status)
            return BitConverter.ToInt64(status, AvailableAt) * BitConverter.ToInt64(status, BlockSizeAt);
        // .NET asks by drive letter, and a network share has none.
        return OperatingSystem.IsWindows() && GetDiskFreeSpaceExW(Existing(path), out var free, out _, out _)
            ? free
            : long.MaxValue;
    }

    /// <summary>
    /// Returns whether both paths are on the same file system, so that one broken disk loses both; false if this is
    /// unknown.
    /// </summary>
    public static bool IsOne(string path, string other) =>
        Status(path) is { } one
        && Status(other) is { } two
        && BitConverter.ToInt64(one, IdAt) is not 0 and var id
        && id == BitConverter.ToInt64(two, IdAt);

    /// <summary>Returns whether this account can create files in the directory. It does not create one.</summary>
    public static bool IsWritable(string directory)
    {
        const int Write = 2,
            Execute = 1;
        return !OperatingSystem.IsLinux() || access(Bytes(directory), Write | Execute) == 0;
    }

    /// <summary>Warns that the names of files in a directory were not synced. Their contents were.</summary>
    /// <param name="error">The result of <see cref="AtomicFile.SyncNames"/>.</param>
    public static void WarnIfUnsynced(string directory, int? error)
    {
        if (error is null)
            return;
        Serilog.Log.Warning(
            "The files in {Directory} are on the disk, but their names could not be synced (error {Error}). A power failure in the next seconds can lose the names",
            directory,
            error
        );
    }

    private static byte[]? Status(string path)
    {
        var status = new byte[256];
        return OperatingSystem.IsLinux() && Environment.Is64BitProcess && statfs(Bytes(Existing(path)), status) == 0
            ? status
            : null;
    }

    /// <summary>Returns the path, or its nearest parent that exists.</summary>
    private static string Existing(string path)
    {
        var existing = Path.GetFullPath(path);
        while (!Path.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
            existing = parent;
        return existing;
    }

    private static byte[] Bytes(string path) => Encoding.UTF8.GetBytes(path + '\0');

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int statfs(byte[] path, byte[] status);

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int access(byte[] path, int mode);

    [DllImport("kernel32", CharSet = CharSet.Unicode), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetDiskFreeSpaceExW(string folder, out long available, out long total, out long free);
}
