using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using ServiceEval.Core.Storage;
using ServiceEval.Sqlite;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Upkeep;

/// <summary>After an upgrade the operator can go back.</summary>
public sealed class UpgradingTests
{
    private const string Earlier = "20261126230758_QuotedFilter";
    private const string Next = "20261127000626_RunningImports";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_database_as_it_was_before_an_upgrade_is_kept()
    {
        using var folder = new Folder();
        await CreateEarlierAsync(folder.Path);

        var (exitCode, _, errors) = await new ServiceProcess(folder.Path).RunAsync("windows");

        Assert.True(exitCode == 0, errors);
        var copy = Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, "backups")));
        Assert.StartsWith($"before-{Next}-", Path.GetFileName(copy), StringComparison.Ordinal);
        Assert.Contains(copy, errors, StringComparison.Ordinal);
        Assert.Equal(Earlier, await LastMigrationAsync(copy));
        Assert.Equal(Newest(), await LastMigrationAsync(DatabaseIn(folder.Path)));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));

        // No migration is due any more.
        await BackingUpTests.SayAsync(folder.Path, "windows");
        Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, "backups")));
    }

    [Fact]
    public async Task A_new_database_has_nothing_to_keep()
    {
        using var folder = new Folder();
        await BackingUpTests.SayAsync(folder.Path, "migrate");
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "backups")));
    }

    /// <summary>The whole disk is smaller than the space that must stay free beside a copy.</summary>
    [Fact]
    public async Task Without_room_for_the_copy_nothing_is_upgraded()
    {
        await using var disk = await SmallDisk.MountAsync();
        await CreateEarlierAsync(disk.Root);
        await BackingUpTests.RefusedAsync("什么都没有改动", disk.Root, "migrate");
        Assert.Equal(Earlier, await LastMigrationAsync(DatabaseIn(disk.Root)));
        Assert.Empty(
            Directory.Exists(Path.Combine(disk.Root, "backups"))
                ? Directory.EnumerateFileSystemEntries(Path.Combine(disk.Root, "backups"))
                : []
        );
    }

    [Fact]
    public async Task An_earlier_programs_backup_is_brought_up_to_date_and_verified()
    {
        using var folder = new Folder();
        var (data, restored, backup) = (
            Path.Combine(folder.Path, "data"),
            Path.Combine(folder.Path, "restored"),
            Path.Combine(folder.Path, "backup.tar")
        );
        Directory.CreateDirectory(data);
        await CreateEarlierAsync(data);
        await BackingUpTests.SayAsync(data, "backup", backup);
        Assert.Equal(Earlier, await LastMigrationAsync(DatabaseIn(data)));

        Assert.Contains(
            "核验通过",
            await BackingUpTests.SayAsync(restored, "restore", backup),
            StringComparison.Ordinal
        );
        Assert.Equal(Newest(), await LastMigrationAsync(DatabaseIn(restored)));
        Assert.Equal(["serviceeval.db"], Directory.EnumerateFileSystemEntries(restored).Select(Path.GetFileName));
    }

    private static string DatabaseIn(string directory) => Path.Combine(directory, "serviceeval.db");

    private static string Newest()
    {
        using var db = Context(DatabaseIn("/nowhere"));
        return db.Database.GetMigrations().Last();
    }

    private static ServiceEvalDb Context(string path)
    {
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlite($"Data Source={path};Pooling=False");
        return new ServiceEvalDb(options.Options);
    }

    private static async Task CreateEarlierAsync(string directory)
    {
        await using var db = Context(DatabaseIn(directory));
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", Ct);
        await db.GetService<IMigrator>().MigrateAsync(Earlier, Ct);
    }

    private static async Task<string> LastMigrationAsync(string path)
    {
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        await connection.OpenAsync(Ct);
        await using var command = new SqliteCommand("SELECT MAX(MigrationId) FROM __EFMigrationsHistory", connection);
        return (string)(await command.ExecuteScalarAsync(Ct))!;
    }
}
