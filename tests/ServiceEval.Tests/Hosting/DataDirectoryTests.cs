namespace ServiceEval.Tests.Hosting;

public sealed class DataDirectoryTests
{
    [Fact]
    public async Task Nobody_else_on_the_machine_may_look_into_the_data_directory()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes; a directory inherits its parent's access.");
            return;
        }
        using var folder = new Folder();
        await using var migrate = ProgramRun.Start(folder.Path, "migrate");

        Assert.Equal(0, await migrate.ExitAsync());
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.Combine(folder.Path, "data"))
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_existing_data_directory_is_made_private_if_it_is_empty_and_otherwise_reported(bool isEmpty)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no modes; a directory inherits its parent's access.");
            return;
        }
        const UnixFileMode Open = (UnixFileMode)0b111_101_101;
        using var folder = new Folder();
        var data = Directory.CreateDirectory(Path.Combine(folder.Path, "data")).FullName;
        if (!isEmpty)
            await File.WriteAllTextAsync(Path.Combine(data, "notes.txt"), "", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(data, Open);
        await using var migrate = ProgramRun.Start(folder.Path, "migrate");

        Assert.Equal(0, await migrate.ExitAsync());
        Assert.Equal(
            isEmpty ? UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute : Open,
            File.GetUnixFileMode(data)
        );
        Assert.Equal(!isEmpty, migrate.Errors.Contains("chmod o-rwx", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dotnet_run_keeps_its_data_where_it_is_called_and_not_in_the_project()
    {
        using var folder = new Folder();
        await using var run = ProgramRun.StartFile(
            folder.Path,
            "dotnet",
            [
                "run",
                "--no-build",
                "-c",
                "Release",
                "--project",
                Path.Combine(ProgramRun.Checkout, "src", "ServiceEval.Web"),
                "--",
                "migrate",
            ]
        );

        Assert.True(await run.ExitAsync() == 0, run.Errors);
        Assert.True(File.Exists(Path.Combine(folder.Path, "data", "serviceeval.db")));
    }

    [Theory]
    [InlineData("windows")]
    [InlineData("windows retire 2345678923")]
    [InlineData("report weekly --week 2026-W10 --out out")]
    public async Task A_command_that_needs_a_database_creates_nothing_if_there_is_none(string arguments)
    {
        using var folder = new Folder();
        await using var verb = ProgramRun.Start(folder.Path, arguments, ("ServiceEval__DataDirectory", "mistyped"));

        Assert.Equal(1, await verb.ExitAsync());
        Assert.Contains(
            $"没有数据库文件 {Path.Combine(folder.Path, "mistyped", "serviceeval.db")}",
            Assert.Single(verb.Errors.Split('\n')),
            StringComparison.Ordinal
        );
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task An_empty_database_is_said_to_have_no_windows_yet_and_how_to_get_them()
    {
        using var folder = new Folder();
        await using (var migrate = ProgramRun.Start(folder.Path, "migrate"))
            Assert.Equal(0, await migrate.ExitAsync());
        await using var windows = ProgramRun.Start(folder.Path, "windows");

        Assert.Equal(0, await windows.ExitAsync());
        Assert.Contains("serviceeval seed", windows.Errors, StringComparison.Ordinal);
        Assert.Empty(windows.Output);
    }

    [Fact]
    public async Task A_database_of_a_newer_program_stops_the_start_in_one_sentence()
    {
        await using var host = await TestHost.StartAsync();
        await host.QueryAsync(
            "INSERT INTO __EFMigrationsHistory (MigrationId, ProductVersion) VALUES ('29990101000000_Later', '99.0.0')"
        );

        var (exitCode, _, errors) = await host.CommandAsync("windows");

        Assert.Equal(1, exitCode);
        Assert.Contains("29990101000000_Later", Assert.Single(errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }
}
