using System.Runtime.InteropServices;
using System.Text;

namespace ServiceEval.Web.Hosting;

/// <summary>
/// What .NET does not tell of the storage that a path lies on; Linux answers, elsewhere nothing is known.
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
    /// <c>tmpfs</c> or <c>ramfs</c>: what lies there is gone with the machine's power. Null for anything else.
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

    /// <summary>Bytes that this account may still write there; more than anybody needs where nobody knows.</summary>
    public static long Free(string path)
    {
        if (Status(path) is { } status)
            return BitConverter.ToInt64(status, AvailableAt) * BitConverter.ToInt64(status, BlockSizeAt);
        // A share has no letter of a drive, by which .NET would ask.
        return OperatingSystem.IsWindows() && GetDiskFreeSpaceExW(Existing(path), out var free, out _, out _)
            ? free
            : long.MaxValue;
    }

    /// <summary>Whether both are lost with the same disk; false where nobody knows.</summary>
    public static bool IsOne(string path, string other) =>
        Status(path) is { } one
        && Status(other) is { } two
        && BitConverter.ToInt64(one, IdAt) is not 0 and var id
        && id == BitConverter.ToInt64(two, IdAt);

    /// <summary>Whether this account may make files there, found out without making one.</summary>
    public static bool IsWritable(string directory)
    {
        const int Write = 2,
            Execute = 1;
        return !OperatingSystem.IsLinux() || access(Bytes(directory), Write | Execute) == 0;
    }

    /// <summary>
    /// Names of files that were made or moved there survive a power cut from now on. Some file systems (CIFS, 9p, FUSE)
    /// can't do that for a directory: the files themselves are whole and on the disk, so that it is a warning and no
    /// failure.
    /// </summary>
    public static void Sync(string directory)
    {
        if (!OperatingSystem.IsLinux() || TrySync(directory) is not { } error)
            return;
        Serilog.Log.Warning(
            "The files in {Directory} are on the disk, but their names could not be synced (error {Error}): a power cut in the next seconds may lose them",
            directory,
            error
        );
    }

    /// <returns>The system's error number; null if it was done.</returns>
    private static int? TrySync(string directory)
    {
        var handle = open(Bytes(directory), 0);
        if (handle < 0)
            return Marshal.GetLastPInvokeError();
        int? error = fsync(handle) != 0 ? Marshal.GetLastPInvokeError() : null;
        _ = close(handle);
        return error;
    }

    private static byte[]? Status(string path)
    {
        var status = new byte[256];
        return OperatingSystem.IsLinux() && Environment.Is64BitProcess && statfs(Bytes(Existing(path)), status) == 0
            ? status
            : null;
    }

    /// <summary>The path, or what there is of it.</summary>
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

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open(byte[] path, int flags);

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fsync(int handle);

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int close(int handle);

    [DllImport("kernel32", CharSet = CharSet.Unicode), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetDiskFreeSpaceExW(string folder, out long available, out long total, out long free);
}
