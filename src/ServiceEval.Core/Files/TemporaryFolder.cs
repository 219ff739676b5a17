using System.Runtime.InteropServices;
using System.Text;

namespace ServiceEval.Core.Files;

/// <summary>
/// A folder in the system's temporary folder. Only its owner can open it, and it is deleted afterwards. A killed
/// process can leave such a folder behind. The next one that is created removes it, if it is so old that no process can
/// be using it.
/// </summary>
internal sealed class TemporaryFolder : IAsyncDisposable, IDisposable
{
    private const int Attempts = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    // A long import keeps its files open. An open file stays readable even if its name is deleted.
    private static readonly TimeSpan LeftAfter = TimeSpan.FromHours(1);

    private static readonly string[] Prefixes = ["serviceeval-pdf-", "serviceeval-import-"];

    private readonly DirectoryInfo _folder;

    private TemporaryFolder(string prefix)
    {
        RemoveLeft();
        _folder = Directory.CreateTempSubdirectory(prefix);
    }

    public string Path => _folder.FullName;

    public static TemporaryFolder ForPrinting() => new(Prefixes[0]);

    public static TemporaryFolder ForImport() => new(Prefixes[1]);

    /// <summary>
    /// Deletes the folder. It tries for a second, because a process that was left behind may still be writing.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        for (var attempt = 1; !TryRemove(_folder) && attempt < Attempts; attempt++)
            await Task.Delay(Pause, TimeProvider.System);
    }

    /// <summary>Deletes the folder. Only for a folder in which no other process writes.</summary>
    public void Dispose() => TryRemove(_folder);

    private static void RemoveLeft()
    {
        // The system clock is used, because the files have its times.
        var left = TimeProvider.System.GetUtcNow().UtcDateTime - LeftAfter;
        try
        {
            foreach (
                var folder in Prefixes.SelectMany(prefix =>
                    new DirectoryInfo(System.IO.Path.GetTempPath()).EnumerateDirectories($"{prefix}*")
                )
            )
                if (folder.LastWriteTimeUtc < left && folder.LinkTarget is null && IsOwn(folder.FullName))
                    TryRemove(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next TemporaryFolder tries again.
        }
    }

    private static bool TryRemove(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// Returns whether this account owns the folder. On Linux all accounts share one temporary folder. Without this
    /// check, another account could trick root into deleting something else (symlink attack).
    /// </summary>
    private static bool IsOwn(string path)
    {
        const int Here = -100,
            DoNotFollow = 0x100,
            Owner = 0x8,
            OwnerAt = 20;
        if (!OperatingSystem.IsLinux())
            return true;
        var status = new byte[256];
        return statx(Here, Encoding.UTF8.GetBytes(path + '\0'), DoNotFollow, Owner, status) == 0
            && BitConverter.ToUInt32(status, OwnerAt) == geteuid();
    }

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int statx(int folder, byte[] path, int flags, uint mask, byte[] status);

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint geteuid();
}
