using System.Diagnostics;
using System.Globalization;

namespace ServiceEval.Core.Files;

/// <summary>
/// A lock file that only one process can hold open. The operating system releases it when the process ends, for any
/// reason.
/// </summary>
internal static class FileLock
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(0.1);

    /// <summary>
    /// Takes the lock and waits up to <paramref name="patience"/> for it. The file is deleted with the lock. A killed
    /// process leaves the file behind, but the lock is free.
    /// </summary>
    /// <returns>Null if another process held the lock during the whole wait. Otherwise the lock, which is released when
    /// it is disposed of.</returns>
    /// <exception cref="UnauthorizedAccessException">This account may not open the file.</exception>
    /// <exception cref="IOException">The file cannot be created or opened.</exception>
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
            // Windows reports this for a file that its last holder is deleting at this moment.
            catch (UnauthorizedAccessException) when (OperatingSystem.IsWindows())
            {
                if (Stopwatch.GetElapsedTime(start) >= patience)
                    throw;
            }
            await Task.Delay(Pace, TimeProvider.System, ct);
        }
    }

    /// <summary>
    /// Returns the id of the process that has the file open. The id is not written into the file, because it would
    /// remain there after the process ends.
    /// </summary>
    /// <returns>Null if the system does not report it: on Windows, and across containers and accounts.</returns>
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
            // The process has ended or belongs to another account.
            return false;
        }
    }
}
