using ServiceEval.Tests.Exchange;
using ServiceEval.Tests.Hosting;
using ServiceEval.Tests.Upkeep;

namespace ServiceEval.Tests.Ledger.Keys;

/// <summary>
/// If a ledger has lost its first key and everything that the key signed, the key file of the node contradicts the
/// ledger.
/// </summary>
public sealed class OwnAdmissionTests
{
    private const string Says = "does not have this block";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_key_file_notes_which_block_admitted_its_key()
    {
        await using var host = await TestHost.StartAsync();
        var rating = await host.RateAsync();
        await host.StopAsync();

        var note = $"\"admitted\":{{\"block\":1,\"hash\":\"{rating.Block.Hash}\"}}";
        Assert.Contains(note, await KeyFileAsync(host), StringComparison.Ordinal);
        Assert.Equal(0, (await host.CommandAsync("verify")).ExitCode);
        await host.RestartAsync();
        await host.RateAsync();
        await host.AssertNothingWrongAsync();
    }

    [Fact]
    public async Task A_key_that_was_exchanged_has_its_own_note()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        Assert.Equal(0, (await host.CommandAsync("ledger", "rotate")).ExitCode);
        await host.StopAsync();

        var file = await KeyFileAsync(host);
        foreach (var block in (string[])["\"block\":1,", "\"block\":2,"])
            Assert.Contains(block, file, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_without_its_first_key_is_told_at_the_start_by_verify_and_by_doctor_until_it_is_accepted()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        await host.StopAsync();
        // Remove heads.log, which would report the loss too.
        File.Delete(Path.Combine(host.DataDirectory, "heads.log"));
        Assert.DoesNotContain(Says, await LogOfOneRunAsync(host), StringComparison.Ordinal);
        await CutAllAsync(host);
        File.Delete(Path.Combine(host.DataDirectory, "heads.log"));

        var log = (await LogOfOneRunAsync(host)).Split('\n');
        var said = Assert.Single(log, line => line.Contains(Says, StringComparison.Ordinal));
        Assert.Contains("\"@l\":\"Fatal\"", said, StringComparison.Ordinal);
        var (verified, sentences, _) = await host.CommandAsync("verify");
        Assert.Equal(1, verified);
        Assert.Matches("ledger-keys.json 记着密钥 [0-9a-f]{64} 在区块 1 得到认可，账本里却没有这个区块", sentences);
        Assert.Matches(
            "故障\t账本密钥\t.*账本里却没有这个区块.*ledger accept",
            (await host.CommandAsync("doctor")).Output
        );

        var (accepted, output, errors) = await host.CommandAsync("ledger", "accept");
        Assert.True(accepted == 0, output + errors);
        Assert.Contains("已确认", output, StringComparison.Ordinal);
        Assert.Equal(0, (await host.CommandAsync("verify")).ExitCode);
        Assert.DoesNotMatch("故障\t账本密钥", (await host.CommandAsync("doctor")).Output);
    }

    [Fact]
    public async Task The_loss_of_the_first_key_is_reported_while_the_host_serves()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        await host.RestartAsync();
        var before = await KeyFileAsync(host);
        await CutAllAsync(host);
        await host.RateAsync();
        await host.StopAsync();

        // The new ledger admits the key again. The note about the old ledger contradicts the new one.
        Assert.Equal(before, await KeyFileAsync(host));
        Assert.Contains("账本里却没有这个区块", (await host.CommandAsync("verify")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_backup_is_restored_with_the_key_file_as_it_was_then()
    {
        using var folder = new Folder();
        var (restored, backup) = (Path.Combine(folder.Path, "restored"), Path.Combine(folder.Path, "backup.tar"));
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        await host.RestartAsync();
        await BackingUpTests.SayAsync(host.DataDirectory, "backup", backup);
        Assert.Equal(0, (await host.CommandAsync("ledger", "rotate")).ExitCode);
        await host.RestartAsync();

        Assert.Contains(
            "核验通过",
            await BackingUpTests.SayAsync(restored, "restore", backup),
            StringComparison.Ordinal
        );
        await using var again = await TestHost.StartInAsync(restored, ownsDirectory: false);
        Assert.Contains("\"block\":1,", await KeyFileAsync(again), StringComparison.Ordinal);
        await again.RateAsync();
        await again.AssertNothingWrongAsync();
    }

    /// <summary>Deletes the whole ledger, as a person can who can write to the database.</summary>
    private static async Task CutAllAsync(TestHost host)
    {
        string[] entries = ["Ratings", "LedgerKeys", "LedgerBlocks", "Reports"];
        string[] figures = ["TalliesByHour", "TalliesByWindow", "BoardCursors", "ReleasedDays", "BoardReleases"];
        foreach (var table in entries.Concat(figures))
            await host.QueryAsync($"DELETE FROM {table}");
        await host.QueryAsync("UPDATE LedgerHead SET Sequence = 0, Hash = zeroblob(32)");
    }

    private static Task<string> LogOfOneRunAsync(TestHost host) =>
        ProgramRun.ServeOnceAsync(host.DataDirectory, ("ServiceEval__DataDirectory", host.DataDirectory));

    private static Task<string> KeyFileAsync(TestHost host) =>
        File.ReadAllTextAsync(Path.Combine(host.DataDirectory, "keys", "ledger-keys.json"), Ct);
}
