namespace ServiceEval.Tests;

/// <summary>A file system of a few megabytes that a test can fill and empty.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const int Megabytes = 6;

    private readonly string _filler;

    private SmallDisk(string directory) => (Root, _filler) = (directory, Path.Combine(directory, "filler"));

    public string Root { get; }

    /// <summary>Mounts the disk. If the machine permits no mount, the test is skipped.</summary>
    public static async Task<SmallDisk> MountAsync()
    {
        var directory = Directory.CreateTempSubdirectory("serviceeval-disk-").FullName;
        if (
            await OutsideTool.TryAsync(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                $"size={Megabytes}m,mode=0700",
                "tmpfs",
                directory
            ) is
            { } why
        )
        {
            Directory.Delete(directory);
            Assert.Skip($"A full disk needs a small file system, and mounting one is not permitted here: {why}");
        }
        return new SmallDisk(directory);
    }

    /// <summary>Fills all space that is left.</summary>
    public void Fill()
    {
        using var filler = new FileStream(_filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            for (var chunk = new byte[4096]; ; )
                filler.Write(chunk);
        }
        catch (IOException)
        {
            // The disk is full now, as intended.
        }
    }

    public void MakeRoom() => File.Delete(_filler);

    public async ValueTask DisposeAsync()
    {
        await OutsideTool.TryAsync("umount", "-l", Root);
        Directory.Delete(Root);
    }
}
