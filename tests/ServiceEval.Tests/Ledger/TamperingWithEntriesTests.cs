using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Ledger;
using static ServiceEval.Tests.Ledger.LedgerFile;

namespace ServiceEval.Tests.Ledger;

public sealed class TamperingWithEntriesTests
{
    [Fact]
    public async Task Nothing_is_found_where_nothing_was_touched()
    {
        await using var file = await WithFiveBlocksAsync();
        Assert.Empty(await file.FaultsAsync());
    }

    [Theory]
    [InlineData("WindowId", "'many'")]
    [InlineData("DepartmentId", "3.5")]
    [InlineData("DepartmentId", "'3 '||char(160)")]
    [InlineData("Tier", "256")]
    [InlineData("Channel", "-1")]
    [InlineData("Standing", "2")]
    [InlineData("Grade", "9223372036854775807")]
    [InlineData("Grade", "0")]
    [InlineData("GivenAt", "9223372036854775807")]
    [InlineData("LocalDate", "20261399")]
    [InlineData("LocalHour", "x'0a'")]
    [InlineData("ReceivedAt", "-9223372036854775808")]
    [InlineData("ReceiptHash", "x'00'")]
    [InlineData("Leaf", "'a leaf'")]
    [InlineData("Leaf", "zeroblob(32)")]
    [InlineData("Block", "'one'")]
    [InlineData("Block", "4")]
    [InlineData("Block", "9223372036854775807")]
    [InlineData("\"Index\"", "1")]
    [InlineData("\"Index\"", "99999999999")]
    [InlineData("\"Index\"", "-1")]
    public async Task A_rating_with_any_other_value_in_a_column_is_named(string column, string value)
    {
        await using var file = await WithFiveBlocksAsync();
        Assert.Equal(1, await file.TamperAsync($"UPDATE Ratings SET {column} = {value} WHERE Id = $1", 1));
        Assert.Equal(
            new Fault(FaultKind.Altered, "Ratings", Id(1).ToString(), 1, 0),
            Assert.Single(await file.FaultsAsync(), f => f.Kind != FaultKind.Tally)
        );
    }

    [Theory]
    [InlineData("x'0102'", "x'0102'")]
    [InlineData("'somebody'", "'somebody'")]
    [InlineData("CAST(x'fffe' AS TEXT)", "'\ufffd\ufffd'")]
    [InlineData("17", "17")]
    [InlineData("zeroblob(17)", "x'0000000000000000000000000000000000'")]
    public async Task A_rating_whose_key_is_not_an_id_is_named_by_the_key_itself(string key, string name)
    {
        await using var file = await WithFiveBlocksAsync();
        await file.TamperAsync($"UPDATE Ratings SET Id = {key} WHERE Id = $1", 6);
        Assert.Equal(new Fault(FaultKind.Altered, "Ratings", name, 5, 0), Assert.Single(await file.FaultsAsync()));
    }

    [Theory]
    [InlineData("Tags", "CAST(x'fffe' AS TEXT)")]
    [InlineData("Tags", "''")]
    [InlineData("ItemId", "6")]
    [InlineData("Comment", "'很满意'")]
    [InlineData("Comment", "CAST(x'ff' AS TEXT)")]
    [InlineData("CommentSalt", "NULL")]
    [InlineData("CommentSalt", "x'00'")]
    [InlineData("CommentCommitment", "'a commitment'")]
    [InlineData("CommentCommitment", "NULL")]
    [InlineData("GivenAt", "1")]
    public async Task A_detail_with_any_other_value_in_a_column_is_named(string column, string value)
    {
        await using var file = await WithFiveBlocksAsync();
        await file.TamperAsync($"UPDATE RatingDetails SET {column} = {value} WHERE RatingId = $1", 4);
        Assert.Contains(
            new Fault(FaultKind.Altered, "RatingDetails", Id(4).ToString(), 2, 1),
            await file.FaultsAsync()
        );
    }

    [Theory]
    [InlineData("Grade", "1")]
    [InlineData("ReplacedGrade", "'best'")]
    [InlineData("CorrectedAt", "0")]
    [InlineData("\"Index\"", "7")]
    public async Task A_correction_with_any_other_value_in_a_column_is_named(string column, string value)
    {
        await using var file = await WithFiveBlocksAsync();
        await file.TamperAsync($"UPDATE Corrections SET {column} = {value}");
        Assert.Contains(new Fault(FaultKind.Altered, "Corrections", Id(2).ToString(), 3, 0), await file.FaultsAsync());
    }

    [Fact]
    public async Task If_a_row_is_altered_with_its_leaf_and_is_alone_in_its_block_the_row_is_named()
    {
        await using var file = await WithFiveBlocksAsync();
        await ForgeAsync(file, 5);
        Assert.Contains(new Fault(FaultKind.Altered, "Ratings", Id(5).ToString(), 4, 0), await file.FaultsAsync());
    }

    [Fact]
    public async Task If_a_row_is_altered_with_its_leaf_and_its_block_has_other_rows_only_the_block_is_named()
    {
        await using var file = await WithFiveBlocksAsync();
        await ForgeAsync(file, 2);
        Assert.Contains(new Fault(FaultKind.Altered, "Ratings", null, 1, null), await file.FaultsAsync());
    }

    [Fact]
    public async Task A_row_altered_without_its_leaf_does_not_hide_a_row_altered_with_its_leaf()
    {
        await using var file = await WithFiveBlocksAsync();
        await ForgeAsync(file, 2);
        await file.TamperAsync("UPDATE Ratings SET Grade = 1 WHERE Id = $1", 1);
        var faults = await file.FaultsAsync();
        Assert.Contains(new Fault(FaultKind.Altered, "Ratings", Id(1).ToString(), 1, 0), faults);
        Assert.Contains(new Fault(FaultKind.Altered, "Ratings", null, 1, null), faults);
    }

    [Theory]
    [InlineData("019a0000-0000-7000-8000-000000000000")]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff")]
    public async Task A_copy_under_a_new_id_is_named_and_the_copied_row_is_not(string id)
    {
        await using var file = await WithFiveBlocksAsync();
        await file.TamperAsync(
            """
            CREATE TEMP TABLE Copy AS SELECT * FROM Ratings WHERE Id = $1;
            UPDATE Copy SET Id = $2;
            INSERT INTO Ratings SELECT * FROM Copy
            """,
            2,
            Guid.Parse(id).ToByteArray(bigEndian: true)
        );
        Assert.Equal(
            new Fault(FaultKind.Inserted, "Ratings", id, 1, 1),
            Assert.Single(await file.FaultsAsync(), f => f.Kind != FaultKind.Tally)
        );
    }

    [Fact]
    public async Task Rows_that_swapped_their_blocks_are_found()
    {
        await using var file = await WithFiveBlocksAsync();
        await file.TamperAsync(
            """
            UPDATE Ratings SET Block = 4, "Index" = 0 WHERE Id = $1;
            UPDATE Ratings SET Block = 1, "Index" = 0 WHERE Id = $2
            """,
            1,
            5
        );
        // The first block also contains the key. Only the leaf of the key proves its name.
        Assert.Equal(
            [
                new Fault(FaultKind.Altered, null, null, 1, null),
                new Fault(FaultKind.Altered, "Ratings", Id(1).ToString(), 4, 0),
            ],
            await file.FaultsAsync()
        );
    }

    [Fact]
    public async Task Rows_that_swapped_their_places_betray_their_block()
    {
        await using var file = await WithFiveBlocksAsync();
        await file.TamperAsync("""UPDATE Ratings SET "Index" = 1 - "Index" WHERE Block = 5""");
        Assert.Equal(new Fault(FaultKind.Altered, "Ratings", null, 5, null), Assert.Single(await file.FaultsAsync()));
    }

    [Theory]
    [InlineData("DELETE FROM Ratings WHERE Id = $1", 6, "Ratings", null, 5, 0)]
    [InlineData("DELETE FROM Ratings WHERE Id = $1", 4, "Ratings", 4, 2, 0)]
    [InlineData("DELETE FROM Corrections WHERE RatingId = $1", 2, "Corrections", null, 3, 0)]
    [InlineData("DELETE FROM RatingDetails WHERE RatingId = $1", 3, "RatingDetails", null, 3, 1)]
    public async Task A_removed_row_is_named_as_far_as_the_remaining_data_identify_it(
        string sql,
        int row,
        string table,
        int? id,
        long block,
        int index
    )
    {
        await using var file = await WithFiveBlocksAsync();
        await file.TamperAsync(sql, row);
        var faults = await file.FaultsAsync();
        Assert.Equal(
            new Fault(FaultKind.Removed, table, id is { } number ? Id(number).ToString() : null, block, index),
            faults[0]
        );
        Assert.All(faults.Skip(1), f => Assert.Equal(FaultKind.Tally, f.Kind));
    }

    [Fact]
    public async Task What_was_removed_is_not_guessed_where_the_tallies_were_edited_to_match()
    {
        await using var file = await WithFiveBlocksAsync();
        await file.TamperAsync("DELETE FROM Ratings WHERE Id = $1", 5);
        await file.TamperAsync("UPDATE TalliesByWindow SET Satisfied = Satisfied - 1 WHERE WindowId = 1");
        await file.TamperAsync("UPDATE TalliesByHour SET Satisfied = Satisfied - 1 WHERE WindowId = 1");
        await file.TamperAsync("DELETE FROM Corrections");
        var faults = await file.FaultsAsync();
        Assert.Contains(new Fault(FaultKind.Removed, null, null, 4, 0), faults);
        Assert.Contains(new Fault(FaultKind.Removed, null, null, 3, 0), faults);
    }

    /// <summary>Changes a rating to very satisfied and gives it the matching leaf.</summary>
    private static async Task ForgeAsync(LedgerFile file, int number)
    {
        var r = await file.RatingAsync(number);
        var forged = Rating.Restore(
            r.Id,
            r.WindowId,
            r.DepartmentId,
            r.Tier,
            r.Channel,
            r.Standing,
            Grade.VerySatisfied,
            r.GivenAt,
            r.LocalDate,
            r.LocalHour,
            r.ReceivedAt,
            r.ReceiptHash,
            leaf: null
        );
        await file.TamperAsync("UPDATE Ratings SET Grade = 1, Leaf = $2 WHERE Id = $1", number, forged.Leaf);
    }
}
