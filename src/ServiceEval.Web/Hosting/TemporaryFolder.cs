using System.Runtime.InteropServices;
using System.Text;

namespace ServiceEval.Web.Hosting;

/// <summary>
/// A folder in the system's temporary one that only its owner may enter, and that is gone afterwards. What a killed
/// process left is removed with the next one that is made, once it is older than anybody works on it.
/// </summary>
internal sealed class TemporaryFolder : IAsyncDisposable, IDisposable
{
    private const int Attempts = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    // A long import keeps its files open all the while: those are not lost to it even if their names are.
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

    /// <summary>Tries for a second, because somebody who was left behind may still be writing.</summary>
    public async ValueTask DisposeAsync()
    {
        for (var attempt = 1; !TryRemove(_folder) && attempt < Attempts; attempt++)
            await Task.Delay(Pause, TimeProvider.System);
    }

    /// <summary>Where nobody else writes.</summary>
    public void Dispose() => TryRemove(_folder);

    private static void RemoveLeft()
    {
        // The machine's time, as the files have it.
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
            // Then the next one does.
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
    /// Only Linux has one temporary folder for all accounts, and who is root there could remove whatever another
    /// account has led it to.
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
