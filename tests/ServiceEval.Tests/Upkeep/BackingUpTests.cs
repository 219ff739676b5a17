using System.Net;
using Microsoft.Data.Sqlite;
using ServiceEval.Sqlite;
using ServiceEval.Tests.Exchange;
using ServiceEval.Tests.Hosting;
using ServiceEval.Tests.Ledger;

namespace ServiceEval.Tests.Upkeep;

/// <summary>Tests the real program on real files while citizens rate.</summary>
public sealed class BackingUpTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_acknowledged_before_a_backup_is_restored_from_it_and_rating_goes_on_meanwhile()
    {
        using var folder = new Folder();
        var (data, restored, backup) = (
            Path.Combine(folder.Path, "data"),
            Path.Combine(folder.Path, "restored"),
            Path.Combine(folder.Path, "backup.tar")
        );
        await SayAsync(data, "seed", "minimal");
        var code = await Citizens.WindowCodeAsync(data);
        // The data are large enough that the copy needs several steps.
        await File.WriteAllTextAsync(
            Path.Combine(data, "old.csv"),
            Importing.Csv(30_000).Replace("{window}", code, StringComparison.Ordinal),
            Ct
        );
        await SayAsync(data, "import", "ratings", "old.csv", "--source", "old");

        IReadOnlyList<string> before;
        string said;
        await using (var serving = await new ServiceProcess(data).ServeAsync())
        await using (var citizens = new Citizens(serving.Client, code))
        {
            await citizens.UntilAsync(c => c.Acknowledged.Count >= 200);
            before = [.. citizens.Acknowledged.Select(r => r.Receipt)];
            said = await SayAsync(data, "backup", backup);
            var after = citizens.Acknowledged.Count;
            Assert.True(after > before.Count, "Nobody rated while the backup was made.");
            await citizens.UntilAsync(c => c.Acknowledged.Count > after + 50);
            Assert.Empty(citizens.Refused);
        }
        Assert.Contains(backup, said, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(backup));
        Assert.Equal(
            ["backup.tar", "data"],
            Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );

        var verified = await SayAsync(restored, "restore", backup);
        Assert.Contains("核验通过", verified, StringComparison.Ordinal);
        Assert.Contains(Hash(said), verified, StringComparison.Ordinal);
        // The keys are in the backup. Without them no receipt can be read.
        await using var again = await new ServiceProcess(restored).ServeAsync();
        foreach (var receipt in before)
        {
            using var answer = await again.Client.GetAsync($"/api/v1/receipts/{receipt}", Ct);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    /// <summary>
    /// A commit happens between any two steps of the copy, for the whole copy. A copy that starts again after each
    /// commit would never end.
    /// </summary>
    [Fact]
    public async Task A_copy_ends_however_steadily_others_commit_and_is_of_one_moment()
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await file.TamperAsync(
            "CREATE TABLE Ballast AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000) SELECT randomblob(4000) AS Bytes FROM n"
        );
        var (next, steps) = (100, 0);
        var committing = new Reporting(() =>
        {
            Assert.InRange(++steps, 1, 100);
            file.CommitAsync(LedgerFile.Give(next++)).GetAwaiter().GetResult();
        });

        var path = Path.Combine(file.Directory, "copy.db");
        SqliteCopy.Write($"Data Source={file.Path}", path, committing, Ct);

        Assert.True(steps > 3, "The copy was a single step, so nothing was shown.");
        Assert.False(Path.Exists($"{path}-wal"));
        await using var copy = new SqliteConnection($"Data Source={path};Pooling=False;Mode=ReadOnly");
        await copy.OpenAsync(Ct);
        await using var count = new SqliteCommand("SELECT COUNT(*) FROM Ratings", copy);
        Assert.Equal(7L, await count.ExecuteScalarAsync(Ct));
    }

    [Fact]
    public async Task Existing_files_are_not_overwritten()
    {
        using var folder = new Folder();
        var (data, backup) = (Path.Combine(folder.Path, "data"), Path.Combine(folder.Path, "backup.tar"));
        await SayAsync(data, "seed", "minimal");
        await File.WriteAllTextAsync(backup, "somebody's", Ct);
        await RefusedAsync("已经存在", data, "backup", backup);
        Assert.Equal("somebody's", await File.ReadAllTextAsync(backup, Ct));

        File.Delete(backup);
        await SayAsync(data, "backup", backup);
        await RefusedAsync("以免覆盖", data, "restore", backup);
        // Keys without a database also belong to an installation.
        var keys = Path.Combine(folder.Path, "keys-only");
        Directory.CreateDirectory(Path.Combine(keys, "keys"));
        await RefusedAsync("以免覆盖", keys, "restore", backup);
    }

    [Fact]
    public async Task A_restore_names_its_target_or_says_what_to_do_if_it_cannot_restore()
    {
        using var folder = new Folder();
        var backup = Path.Combine(folder.Path, "backup.tar");
        await SayAsync(folder.Path, "seed", "minimal");
        await SayAsync(folder.Path, "backup", backup);

        await using (
            var restore = ProgramRun.Start(folder.Path, $"restore {backup}", ("ServiceEval__DataDirectory", "again"))
        )
        {
            Assert.Equal(0, await restore.ExitAsync());
            Assert.EndsWith(
                $"已恢复到 {Path.Combine(folder.Path, "again")}。",
                restore.Errors,
                StringComparison.Ordinal
            );
        }
        // There is a file where the directory should be.
        await RefusedAsync(
            $"{backup} 建不了：已经有同名的文件或目录，请检查目录权限，或用 ServiceEval__DataDirectory 另指一处。",
            backup,
            "restore",
            backup
        );
    }

    [Fact]
    public async Task A_database_whose_ledger_is_broken_at_its_end_gives_no_backup()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        await host.StopAsync();
        await host.QueryAsync("UPDATE LedgerHead SET Sequence = 5");
        var backup = Path.Combine(host.DataDirectory, "backup.tar");
        await RefusedAsync("账本头", host.DataDirectory, "backup", backup);
        Assert.False(Path.Exists(backup));
    }

    [Fact]
    public async Task A_ledger_that_was_altered_before_the_backup_is_restored_unchanged_and_reported()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        await host.QueryAsync("UPDATE Ratings SET Grade = 5");
        using var folder = new Folder();
        var (restored, backup) = (Path.Combine(folder.Path, "restored"), Path.Combine(folder.Path, "backup.tar"));
        await SayAsync(host.DataDirectory, "backup", backup);

        var (exitCode, output, errors) = await new ServiceProcess(restored).RunAsync("restore", backup);
        Assert.True(exitCode == 1, output + errors);
        Assert.Contains("被改动", output, StringComparison.Ordinal);
        Assert.Contains($"已按备份原样恢复到 {restored}，", errors, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(restored, "serviceeval.db")));
    }

    private static string Hash(string said) =>
        said[(said.IndexOf("哈希", StringComparison.Ordinal) + 2)..].Trim().TrimEnd('。').Trim();

    internal static async Task<string> SayAsync(string directory, params string[] arguments)
    {
        var (exitCode, output, errors) = await new ServiceProcess(directory).RunAsync(arguments);
        Assert.True(exitCode == 0, output + errors);
        return output;
    }

    internal static async Task RefusedAsync(string why, string directory, params string[] arguments)
    {
        var (exitCode, output, errors) = await new ServiceProcess(directory).RunAsync(arguments);
        Assert.True(exitCode == 1, output + errors);
        Assert.Empty(output);
        Assert.Contains(why, errors.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    private sealed class Reporting(Action report) : IProgress<double>
    {
        public void Report(double value) => report();
    }
}
