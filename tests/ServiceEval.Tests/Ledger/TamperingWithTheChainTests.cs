using ServiceEval.Core.Ledger;
using ServiceEval.Web.Features.Ledger;

namespace ServiceEval.Tests.Ledger;

public sealed class TamperingWithTheChainTests
{
    [Theory]
    [InlineData("Root = zeroblob(32)")]
    [InlineData("Root = 'a root'")]
    [InlineData("Hash = zeroblob(31)")]
    [InlineData("Count = Count + 1")]
    [InlineData("Count = -1")]
    [InlineData("Count = 2147483647")]
    [InlineData("CommittedAt = CommittedAt + 1")]
    [InlineData("CommittedAt = 9223372036854775807")]
    [InlineData("Algorithm = 2")]
    [InlineData("Algorithm = 'sha'")]
    public async Task An_edited_block_is_named(string change)
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await file.TamperAsync($"UPDATE LedgerBlocks SET {change} WHERE Sequence = 3");
        Assert.Contains(Chain("LedgerBlocks", 3), await file.FaultsAsync());
    }

    [Fact]
    public async Task Every_block_of_a_gap_is_named_and_rows_elsewhere_are_still_proven()
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await file.TamperAsync("DELETE FROM LedgerBlocks WHERE Sequence IN (2, 3)");
        await file.TamperAsync("UPDATE Ratings SET Grade = 5 WHERE Id = $1", 7);
        Assert.Equal(
            [Altered(7, 5, 1), Chain("LedgerBlocks", 2), Chain("LedgerBlocks", 3)],
            (await file.FaultsAsync()).Where(f => f.Kind != FaultKind.Tally)
        );
    }

    [Theory]
    [InlineData(6)]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(long.MaxValue)]
    public async Task An_inserted_block_is_named(long sequence)
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await file.TamperAsync(
            "INSERT INTO LedgerBlocks SELECT $1, Algorithm, Root, Count, CommittedAt, Hash, KeyId, Signature FROM LedgerBlocks WHERE Sequence = 5",
            sequence
        );
        Assert.Contains(Chain("LedgerBlocks", sequence), await file.FaultsAsync());
    }

    [Theory]
    [InlineData("DELETE FROM LedgerHead", null, 5L)]
    [InlineData("UPDATE LedgerHead SET Hash = zeroblob(5)", null, 5L)]
    [InlineData("UPDATE LedgerHead SET Sequence = 'five'", null, 5L)]
    [InlineData("UPDATE LedgerHead SET Sequence = 4", null, 5L)]
    [InlineData("INSERT INTO LedgerHead SELECT 2, Sequence, Hash FROM LedgerHead", "2", null)]
    public async Task A_head_that_is_not_the_one_of_the_last_block_is_named(string sql, string? id, long? block)
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await file.TamperAsync(sql);
        Assert.Equal(
            new Fault(FaultKind.Chain, "LedgerHead", id, block, null),
            Assert.Single(await file.FaultsAsync())
        );
    }

    [Fact]
    public async Task A_tail_cut_off_together_with_its_blocks_is_found_by_a_kept_head_and_by_nothing_else()
    {
        await using var file = await LedgerFile.CreateAsync();
        await file.CommitAsync(LedgerFile.Give(1));
        await using var earlier = await file.CopyAsync();
        await file.CommitAsync(LedgerFile.Give(2));
        var head = await file.HeadAsync();

        Assert.Empty(await earlier.FaultsAsync());
        Assert.Equal(
            Chain("anchor", 2),
            Assert.Single(await earlier.FaultsAsync(new Anchor("anchor", head.Sequence, head.Hash)))
        );
    }

    [Fact]
    public async Task A_tail_cut_off_without_its_rows_names_them()
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await file.TamperAsync("DELETE FROM Reports");
        await file.TamperAsync("DELETE FROM LedgerBlocks WHERE Sequence = 5");
        await file.TamperAsync(
            "UPDATE LedgerHead SET Sequence = 4, Hash = (SELECT Hash FROM LedgerBlocks WHERE Sequence = 4)"
        );
        Assert.Equal(
            [
                new Fault(FaultKind.Inserted, "Ratings", LedgerFile.Id(6).ToString(), 5, 0),
                new Fault(FaultKind.Inserted, "Ratings", LedgerFile.Id(7).ToString(), 5, 1),
            ],
            await file.FaultsAsync()
        );
    }

    private static Fault Chain(string table, long block) => new(FaultKind.Chain, table, null, block, null);

    private static Fault Altered(int number, long block, int index) =>
        new(FaultKind.Altered, "Ratings", LedgerFile.Id(number).ToString(), block, index);
}
