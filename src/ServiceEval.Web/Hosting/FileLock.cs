using System.Diagnostics;

namespace ServiceEval.Web.Hosting;

/// <summary>A file that one process at a time holds open. The system frees it with the process, however that ends.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(0.1);

    /// <summary>The file is removed with the lock. A process that is killed leaves it behind, free and harmless.</summary>
    /// <returns>Null if another process held it all the while; the lock ends when it is disposed of.</returns>
    public static async Task<FileStream?> TakeAsync(string path, TimeSpan patience, CancellationToken ct)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = FileOptions.DeleteOnClose };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        for (var start = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                return new FileStream(path, options);
            }
            catch (IOException e) when (FileFaults.IsInUse(e))
            {
                if (Stopwatch.GetElapsedTime(start) >= patience) return null;
            }
            await Task.Delay(Pace, TimeProvider.System, ct);
        }
    }
}
