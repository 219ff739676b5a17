namespace ServiceEval.Web.Hosting;

/// <summary>
/// Writes a file that only the service's account can read. The file is complete or does not exist, even after a power
/// failure.
/// </summary>
internal static class OwnerFile
{
    /// <exception cref="IOException">The file exists and must not be overwritten, or it cannot be written.</exception>
    public static void Write(string path, byte[] content, bool overwrite)
    {
        var folder = Path.GetDirectoryName(path)!;
        DataDirectory.Create(folder);
        var fresh = $"{path}.{Guid.CreateVersion7():N}.new";
        var access = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            access.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var file = new FileStream(fresh, access))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(fresh, path, overwrite);
        }
        finally
        {
            File.Delete(fresh);
        }
        Storage.Sync(folder);
    }
}
