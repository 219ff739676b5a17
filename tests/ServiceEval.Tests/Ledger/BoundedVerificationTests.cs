using System.Text.Json;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Ledger;
using ServiceEval.Web.Features.Ledger.Keys;
using ServiceEval.Web.Http;

namespace ServiceEval.Tests.Ledger;

/// <summary>Forged entries must not make a verification more expensive than real ones.</summary>
public sealed class BoundedVerificationTests
{
    [Fact]
    public async Task Counts_forged_to_a_million_take_no_output_and_other_rows_are_still_proven()
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await file.TamperAsync("UPDATE LedgerBlocks SET Count = 1000000 WHERE Sequence <> 4");
        await file.TamperAsync("UPDATE Ratings SET Grade = 1 WHERE Id = $1", 5);
        var faults = await file.FaultsAsync();
        Assert.True(faults.Count < 20, $"{faults.Count} faults.");
        Assert.Contains(new Fault(FaultKind.Altered, "Ratings", LedgerFile.Id(5).ToString(), 4, 0), faults);
        foreach (var block in (long[])[1, 2, 3, 5])
            Assert.Contains(new Fault(FaultKind.Chain, "LedgerBlocks", null, block, null), faults);
    }

    [Fact]
    public async Task More_entries_than_an_int_can_count_are_verified_like_any_others()
    {
        await using var file = await LedgerFile.CreateAsync();
        await file.CommitAsync(LedgerFile.Give(1));
        await new Forgery(file.Path).AppendEmptyAsync(LedgerFile.Start, blocks: 33_000, count: 65_536);
        await file.CommitAsync(LedgerFile.Give(2));
        await file.TamperAsync("UPDATE Ratings SET Grade = 1 WHERE Id = $1", 2);

        var result = await file.VerifyAsync();

        Assert.Equal((2L, 1_000), (result.Ratings, result.Faults.Count));
        Assert.Equal(new Fault(FaultKind.Removed, null, null, 2, 0, To: 65_535), result.Faults[0]);
        // Each of the 33,000 empty blocks has two faults: missing entries and a missing signature. The altered rating
        // and its two tallies are the other three.
        Assert.Equal(66_003, result.Faults.Count + result.More);
    }

    [Fact]
    public async Task A_thousand_faults_are_listed_and_the_others_counted()
    {
        await using var file = await LedgerFile.CreateAsync();
        for (var i = 0; i < 3; i++)
            await file.CommitAsync([.. Enumerable.Range(1 + 500 * i, 500).Select(n => LedgerFile.Give(n))]);
        await file.TamperAsync("UPDATE Ratings SET Grade = 1");

        var (exitCode, output, _) = await TestHost.CommandInAsync(file.Directory, "verify", "--json");

        var result = JsonSerializer.Deserialize<VerificationResult>(output, Json.Options)!;
        Assert.Equal((1, false, 1_500L, 1_000), (exitCode, result.Ok, result.Ratings, result.Faults.Count));
        Assert.All(result.Faults, f => Assert.Equal(FaultKind.Altered, f.Kind));
        Assert.InRange(result.More, 500, 510);
    }

    [Fact]
    public async Task With_a_kept_head_only_later_blocks_are_verified()
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        var kept = (byte[])(await file.QueryAsync("SELECT Hash FROM LedgerBlocks WHERE Sequence = 2"))[0][0];
        var since = new Anchor("since", 2, kept);
        var known = new KnownKeys([], [file.Key!.Fingerprint], []);
        Assert.Empty((await file.VerifyAsync(known, since)).Faults);

        await file.TamperAsync("UPDATE Ratings SET Grade = 3 WHERE Id = $1", 1);
        Assert.Empty((await file.VerifyAsync(known, since)).Faults);
        await file.TamperAsync("UPDATE Ratings SET Grade = 3 WHERE Id = $1", 6);
        Assert.Equal(
            new Fault(FaultKind.Altered, "Ratings", LedgerFile.Id(6).ToString(), 5, 0),
            Assert.Single((await file.VerifyAsync(known, since)).Faults)
        );
        Assert.Equal(3, (await file.VerifyAsync(known, since)).Ratings);
        Assert.Contains(
            new Fault(FaultKind.Chain, "since", null, 2, null),
            (await file.VerifyAsync(known, since with { Hash = new byte[32] })).Faults
        );
    }

    [Fact]
    public async Task An_unreadable_kept_head_is_a_usage_error_and_a_readable_one_names_the_skipped_checks()
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        Assert.Equal(2, (await TestHost.CommandInAsync(file.Directory, "verify", "--since", "2")).ExitCode);
        var kept = (byte[])(await file.QueryAsync("SELECT Hash FROM LedgerBlocks WHERE Sequence = 2"))[0][0];
        var (exitCode, output, errors) = await TestHost.CommandInAsync(
            file.Directory,
            "verify",
            "--since",
            $"2:{Convert.ToHexStringLower(kept)}",
            "--key",
            file.Key!.Fingerprint
        );
        Assert.True(exitCode == 0, output + errors);
        Assert.Contains("签名密钥只凭留存的指纹认定", errors, StringComparison.Ordinal);
        Assert.Contains("汇总和大屏数字没有核对", errors, StringComparison.Ordinal);
        Assert.Contains("回执没有核对", errors, StringComparison.Ordinal);
    }
}
