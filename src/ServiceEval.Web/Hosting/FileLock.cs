using System.Diagnostics;
using System.Globalization;

namespace ServiceEval.Web.Hosting;

/// <summary>
/// A file that one process at a time holds open. The system frees it with the process, however that ends.
/// </summary>
internal static class FileLock
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(0.1);

    /// <summary>
    /// The file is removed with the lock. A process that is killed leaves it behind, free and harmless.
    /// </summary>
    /// <returns>Null if another process held it all the while; the lock ends when it is disposed of.</returns>
    /// <exception cref="UnauthorizedAccessException">This account may not open it.</exception>
    /// <exception cref="IOException">It can't be made or opened.</exception>
    public static async Task<FileStream?> TakeAsync(string path, TimeSpan patience, CancellationToken ct)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        for (var start = Stopwatch.GetTimestamp(); ; )
        {
            try
            {
                return new FileStream(path, options);
            }
            catch (IOException e) when (FileFaults.IsInUse(e))
            {
                if (Stopwatch.GetElapsedTime(start) >= patience)
                    return null;
            }
            // Windows says so of a file that its last holder is just removing.
            catch (UnauthorizedAccessException) when (OperatingSystem.IsWindows())
            {
                if (Stopwatch.GetElapsedTime(start) >= patience)
                    throw;
            }
            await Task.Delay(Pace, TimeProvider.System, ct);
        }
    }

    /// <summary>
    /// The process that has the file open now. Nothing is noted in the file, because a note would outlive its process.
    /// </summary>
    /// <returns>Null where the system does not tell: on Windows, and across containers and accounts.</returns>
    public static int? HolderOf(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        var full = Path.GetFullPath(path);
        var names = Directory.EnumerateDirectories("/proc").Select(directory => Path.GetFileName(directory));
        var holder = names.FirstOrDefault(name => name.All(char.IsAsciiDigit) && HasOpen(name, full));
        return holder is null ? null : int.Parse(holder, CultureInfo.InvariantCulture);
    }

    private static bool HasOpen(string processId, string path)
    {
        try
        {
            var descriptors = Directory.EnumerateFileSystemEntries($"/proc/{processId}/fd");
            return descriptors.Any(descriptor => new FileInfo(descriptor).LinkTarget == path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is another account's.
            return false;
        }
    }
}
