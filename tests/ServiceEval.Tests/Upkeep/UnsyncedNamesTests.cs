using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Upkeep;

/// <summary>A file system that cannot sync a directory, as some versions of CIFS, 9p and FUSE.</summary>
public sealed class UnsyncedNamesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_backup_and_a_restore_are_made_all_the_same_and_say_what_is_missing()
    {
        if (
            await OutsideTool.TryAsync("strace", "-f", "-o", "/dev/null", "-e", "inject=fsync:error=EINVAL", "true") is
            { } why
        )
            Assert.Skip($"The system calls of the program can't be changed here: strace says {why}");
        using var folder = new Folder();
        var (data, backup) = (Path.Combine(folder.Path, "data"), Path.Combine(folder.Path, "backup.tar"));
        Assert.Equal(0, (await new ServiceProcess(data).RunAsync("seed", "minimal")).ExitCode);

        await AssertDoneAsync(data, "backup", backup);
        Assert.True(File.Exists(backup));
        await AssertDoneAsync(Path.Combine(folder.Path, "restored"), "restore", backup);
        Assert.Equal(0, (await new ServiceProcess(Path.Combine(folder.Path, "restored")).RunAsync("windows")).ExitCode);
    }

    private static async Task AssertDoneAsync(string data, params string[] verb)
    {
        // .NET ignores this error for a file, and SQLite ignores it for a directory.
        var (exitCode, output, errors) = await new ServiceProcess(data)
            .Under(
                "strace",
                "-f",
                "--seccomp-bpf",
                "-o",
                "/dev/null",
                "-e",
                "trace=fsync",
                "-e",
                "inject=fsync:error=EINVAL"
            )
            .RunAsync(verb);
        Assert.True(exitCode == 0, output + errors);
        Assert.Contains(
            "could not be synced (error 22)",
            errors.Replace("{Error}", "22", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }
}
