using ServiceEval.Core.Files;

namespace ServiceEval.Tests.Hosting;

/// <summary>A start must not wait for a process that has ended.</summary>
public sealed class MigrationLockTests
{
    private const string LeftRow = """
        CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL);
        INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-11-18 02:00:00');
        """;

    /// <summary>A start that does not wait takes seconds.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lock_row_that_a_killed_process_left_does_not_delay_a_start()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        await host.StopAsync();
        await host.QueryAsync(LeftRow);

        await host.RestartAsync().WaitAsync(Limit, Ct);

        await host.RateAsync();
        Assert.Equal(2, await host.CountAsync("Ratings"));
    }

    [Fact]
    public async Task A_lock_row_that_a_killed_process_left_does_not_delay_a_migrating_start()
    {
        using var folder = new Folder();
        await using (
            var empty = new Microsoft.Data.Sqlite.SqliteConnection(
                $"Data Source={folder.Path}/serviceeval.db;Pooling=False"
            )
        )
        {
            await empty.OpenAsync(Ct);
            await using var command = empty.CreateCommand();
            command.CommandText = LeftRow;
            await command.ExecuteNonQueryAsync(Ct);
        }

        await using var host = await TestHost.StartInAsync(folder.Path, ownsDirectory: false).WaitAsync(Limit, Ct);

        await host.RateAsync();
    }

    [Fact]
    public async Task A_process_that_really_migrates_is_waited_for_and_then_named_in_one_sentence()
    {
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, "serviceeval.db");
        var held = await FileLock.TakeAsync($"{path}.migrating", TimeSpan.Zero, Ct);
        await using (var second = ProgramRun.Start(folder.Path, "migrate", ("ServiceEval__DataDirectory", folder.Path)))
        {
            Assert.Equal(1, await second.ExitAsync());
            // The operating system gives the holder of the lock. A note in the file might be wrong.
            var holder = OperatingSystem.IsLinux() ? $"（进程 {Environment.ProcessId}）" : "";
            var sentence = Assert.Single(second.Errors.Split('\n'));
            Assert.Contains(
                $"另一个 ServiceEval 进程正在建立或升级数据库 {path}{holder}，等了",
                sentence,
                StringComparison.Ordinal
            );
        }

        await held!.DisposeAsync();
        await using var third = ProgramRun.Start(folder.Path, "migrate", ("ServiceEval__DataDirectory", folder.Path));
        Assert.Equal(0, await third.ExitAsync());
    }

    [Fact]
    public async Task A_file_that_a_killed_process_left_is_taken_whatever_it_says()
    {
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, "serviceeval.db.migrating");
        await File.WriteAllTextAsync(path, "1", Ct);

        await using var migration = Migrate(folder);

        Assert.Equal(0, await migration.ExitAsync());
        Assert.False(File.Exists(path));
    }

    /// <summary>The path is a directory, because the account of the tests may open any file.</summary>
    [Fact]
    public async Task What_this_account_can_not_open_is_named_in_one_sentence()
    {
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, "serviceeval.db.migrating");
        Directory.CreateDirectory(path);

        await using var migration = Migrate(folder);

        Assert.Equal(1, await migration.ExitAsync());
        Assert.Contains(
            $"这个账号打不开 {path}，",
            Assert.Single(migration.Errors.Split('\n')),
            StringComparison.Ordinal
        );
    }

    private static ProgramRun Migrate(Folder folder) =>
        ProgramRun.Start(folder.Path, "migrate", ("ServiceEval__DataDirectory", folder.Path));
}
