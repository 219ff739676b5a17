using ServiceEval.Core.Files;

namespace ServiceEval.Tests.Hosting;

public sealed class AtomicFileTests : IDisposable
{
    private readonly Folder _folder = new();

    private string Target => Path.Combine(_folder.Path, "file");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Until_the_commit_a_reader_finds_the_old_content()
    {
        File.WriteAllText(Target, "old");
        using var file = new AtomicFile(Target);
        File.WriteAllText(file.Unfinished, "new");
        Assert.Equal("old", File.ReadAllText(Target));
        file.Commit(overwrite: true);
        Assert.Equal("new", File.ReadAllText(Target));
    }

    [Fact]
    public void Without_a_commit_nothing_is_left()
    {
        using (var file = new AtomicFile(Target))
            File.WriteAllText(file.Unfinished, "half");
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public void A_file_that_must_not_be_overwritten_keeps_its_content()
    {
        File.WriteAllText(Target, "old");
        Assert.Throws<IOException>(() => AtomicFile.Write(Target, "new"u8, AtomicFile.OwnerOnly, overwrite: false));
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Single(Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public void Only_the_owner_can_read_a_file_with_that_mode()
    {
        if (OperatingSystem.IsWindows())
            return;
        AtomicFile.Write(Target, "secret"u8, AtomicFile.OwnerOnly, overwrite: false);
        Assert.Equal(AtomicFile.OwnerOnly, File.GetUnixFileMode(Target));
    }
}
