using ServiceEval.Core;
using ServiceEval.Tests.Exchange;
using ServiceEval.Tests.Hosting;
using ServiceEval.Tests.Upkeep;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Tests.Ledger.Keys;

/// <summary>
/// Tests the key file of an installation on SQLite: creation, use by several processes, loss, exchange and backup.
/// </summary>
public sealed class LedgerKeyTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_start_draws_a_key_and_the_first_block_keeps_it()
    {
        await using var host = await TestHost.StartAsync();
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile(host)));
        Assert.Equal(0, await host.CountAsync("LedgerBlocks"));

        var rating = await host.RateAsync();

        Assert.Equal(1, rating.Block.Sequence);
        Assert.Equal([1L, 1L], Assert.Single(await host.QueryAsync("SELECT Block, \"Index\" FROM LedgerKeys")));
        var (exitCode, output, errors) = await host.CommandAsync("verify");
        Assert.True(exitCode == 0, output + errors);
        Assert.Matches("账本密钥 1（.+，指纹 [0-9a-f]{64}）签名了 1 个区块", output);
    }

    [Fact]
    public async Task An_import_in_a_process_of_its_own_signs_with_the_same_key()
    {
        await using var host = await TestHost.StartAsync();
        Assert.Equal(0, (await host.ImportAsync(Importing.Csv(3))).ExitCode);
        await host.RateAsync();
        Assert.Equal(0, (await host.ImportAsync(Importing.Csv(5))).ExitCode);

        Assert.Equal(1, await host.CountAsync("LedgerKeys"));
        await host.AssertNothingWrongAsync();
    }

    [Fact]
    public async Task Without_its_key_the_host_does_not_start_and_an_operator_can_make_another_openly()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        await host.StopAsync();
        File.Delete(KeyFile(host));

        var refusal = await Assert.ThrowsAsync<OperatorException>(() => host.RestartAsync());
        foreach (var said in (string[])[KeyFile(host), "restore", "ledger renew"])
            Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(KeyFile(host), (await host.CommandAsync("doctor")).Output, StringComparison.Ordinal);
        Assert.Equal(1, (await host.ImportAsync(Importing.Csv(3))).ExitCode);
        Assert.False(File.Exists(KeyFile(host)));

        var (renewed, output, errors) = await host.CommandAsync("ledger", "renew");
        Assert.True(renewed == 0, output + errors);
        await host.RestartAsync();
        await host.RateAsync();

        var fingerprint = output.Split("--key ")[1][..64];
        Assert.Contains("LedgerKeys 2", (await host.CommandAsync("verify")).Output, StringComparison.Ordinal);
        Assert.Equal(1, (await host.CommandAsync("verify")).ExitCode);
        await host.AssertNothingWrongAsync("--key", fingerprint);
        Assert.Equal(1, (await host.CommandAsync("ledger", "renew")).ExitCode);
    }

    [Theory]
    [InlineData("UPDATE LedgerKeys SET AdmittedAt = 9000000000000000")]
    [InlineData("UPDATE LedgerBlocks SET CommittedAt = 9000000000000000")]
    public async Task A_time_that_no_program_of_ours_writes_refuses_no_rating_and_no_start(string sql)
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        await host.QueryAsync(sql);
        await host.RateAsync();
        await host.QueryAsync(sql);
        await host.RestartAsync();
        string[][] commands =
        [
            ["ledger", "keys"],
            ["doctor"],
            ["verify"],
            ["report", "weekly", "--week", "2026-W47", "--out", "out"],
        ];
        foreach (var command in commands)
        {
            var (_, output, errors) = await host.CommandAsync(command);
            Assert.DoesNotContain("Exception", output + errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", output + errors, StringComparison.Ordinal);
        }
        await host.RateAsync();
        Assert.Equal(3, await host.CountAsync("Ratings"));
    }

    [Fact]
    public async Task Another_installations_key_is_refused()
    {
        await using var other = await TestHost.StartAsync();
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        await host.StopAsync();
        File.Copy(KeyFile(other), KeyFile(host), overwrite: true);

        Assert.Contains(
            "ledger renew",
            (await Assert.ThrowsAsync<OperatorException>(() => host.RestartAsync())).Message,
            StringComparison.Ordinal
        );
        var (exitCode, output, _) = await host.CommandAsync("verify");
        Assert.Equal(1, exitCode);
        Assert.Contains("本机的账本密钥", output, StringComparison.Ordinal);
        Assert.Matches("故障\t账本密钥", (await host.CommandAsync("doctor")).Output);
    }

    [Fact]
    public async Task A_key_is_exchanged_while_the_host_serves()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();

        var (exitCode, output, errors) = await host.CommandAsync("ledger", "rotate");
        Assert.True(exitCode == 0, output + errors);
        await host.RateAsync();

        Assert.Equal(
            [1L, 1, 2],
            (await host.QueryAsync("SELECT KeyId FROM LedgerBlocks ORDER BY Sequence")).Select(r => (long)r[0]!)
        );
        await host.AssertNothingWrongAsync();
        Assert.Matches(
            "^1\t.*已停用\n2\t.*有效\n$",
            (await host.CommandAsync("ledger", "keys")).Output.ReplaceLineEndings("\n")
        );
    }

    [Fact]
    public async Task An_old_database_is_upgraded_and_goes_on_signed()
    {
        await using var old = await LedgerFile.CreateAsync(author: null);
        for (var i = 1; i <= 3; i++)
            await old.CommitAsync(LedgerFile.Imported(i));
        await old.MigrateBackAsync();

        await using var host = await TestHost.StartInAsync(old.Directory, ownsDirectory: false);
        Assert.Contains(
            "账本还没有签名：3 个区块",
            (await host.CommandAsync("verify")).Output,
            StringComparison.Ordinal
        );
        Assert.Equal(4, (await host.RateAsync()).Block.Sequence);

        var (exitCode, output, errors) = await host.CommandAsync("verify");
        Assert.True(exitCode == 0, output + errors);
        Assert.Contains("前 3 个区块由没有签名的旧版本写入", output, StringComparison.Ordinal);
        Assert.Contains("签名了 1 个区块", output, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_backup_brings_the_key_along(bool isElsewhere)
    {
        using var folder = new Folder();
        var (data, restored, backup, elsewhere) = (
            Path.Combine(folder.Path, "data"),
            Path.Combine(folder.Path, "restored"),
            Path.Combine(folder.Path, "backup.tar"),
            Path.Combine(folder.Path, "secret", "ours.json")
        );
        Directory.CreateDirectory(data);
        (string, string)[] settings = isElsewhere ? [("ServiceEval:Ledger:KeyFile", elsewhere)] : [];
        await using (var host = await TestHost.StartInAsync(data, ownsDirectory: false, settings))
        {
            await host.RateAsync();
            Assert.Equal(isElsewhere, File.Exists(elsewhere));
            var program = isElsewhere
                ? new ServiceProcess(data).With("ServiceEval__Ledger__KeyFile", elsewhere)
                : new ServiceProcess(data);
            var (exitCode, output, errors) = await program.RunAsync("backup", backup);
            Assert.True(exitCode == 0, output + errors);
        }

        Assert.Contains(
            "核验通过",
            await BackingUpTests.SayAsync(restored, "restore", backup),
            StringComparison.Ordinal
        );
        await using var again = await TestHost.StartInAsync(restored, ownsDirectory: false);
        await again.RateAsync();
        await again.AssertNothingWrongAsync();
    }

    private static string KeyFile(TestHost host) => Path.Combine(host.DataDirectory, "keys", "ledger-keys.json");
}
