using ServiceEval.Core.Files;

namespace ServiceEval.Web.Hosting;

/// <summary>A file in a folder, both of which only the service's account can read.</summary>
internal static class OwnerFile
{
    /// <exception cref="IOException">The file exists and must not be overwritten, or it cannot be written.</exception>
    public static void Write(string path, byte[] content, bool overwrite)
    {
        var folder = Path.GetDirectoryName(path)!;
        DataDirectory.Create(folder);
        Storage.WarnIfUnsynced(folder, AtomicFile.Write(path, content, AtomicFile.OwnerOnly, overwrite));
    }
}
