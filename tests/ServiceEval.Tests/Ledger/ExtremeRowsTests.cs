using System.Security.Cryptography;
using System.Text;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Ledger;
using ServiceEval.Web.Features.Ledger.Keys;

namespace ServiceEval.Tests.Ledger;

/// <summary>
/// Extreme values in the database must lead to a fault or to one sentence, never to an exception or to gigabytes of
/// memory. Larger values were measured by hand: see <c>src/decisions/0028</c>.
/// </summary>
public sealed class ExtremeRowsTests
{
    /// <summary>The longest wait for the end of a verification. It is no measurement.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly DateTimeOffset Start = LedgerFile.Start;
    private static readonly DateTimeOffset End = DateTimeOffset.FromUnixTimeMilliseconds(253_402_300_799_999);
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    [Theory]
    [InlineData(
        "UPDATE LedgerBlocks SET Hash = zeroblob(70000000) WHERE Sequence = 3",
        "LedgerBlocks",
        FaultKind.Chain
    )]
    [InlineData(
        "UPDATE LedgerBlocks SET Signature = zeroblob(70000000) WHERE Sequence = 3",
        "LedgerBlocks",
        FaultKind.Unlawful
    )]
    [InlineData(
        "UPDATE RatingDetails SET Comment = hex(zeroblob(35000000)) WHERE Comment IS NOT NULL",
        "RatingDetails",
        FaultKind.Altered
    )]
    [InlineData(
        "UPDATE RatingDetails SET Comment = hex(zeroblob(2500)) WHERE Comment IS NULL",
        "RatingDetails",
        FaultKind.Altered
    )]
    [InlineData(
        "UPDATE RatingDetails SET Tags = hex(zeroblob(35000000)) WHERE Comment IS NOT NULL",
        "RatingDetails",
        FaultKind.Altered
    )]
    [InlineData("UPDATE LedgerKeys SET Name = hex(zeroblob(35000000))", "LedgerKeys", FaultKind.Altered)]
    [InlineData("UPDATE Reports SET Json = hex(zeroblob(35000000))", "Reports", FaultKind.Altered)]
    [InlineData(
        "UPDATE TalliesByTag SET TagCode = hex(zeroblob(35000000)) WHERE TagCode = '207'",
        "TalliesByTag",
        FaultKind.Tally
    )]
    [InlineData("UPDATE LedgerBlocks SET Sequence = 1000000000005 WHERE Sequence = 5", "LedgerBlocks", FaultKind.Chain)]
    [InlineData("UPDATE LedgerBlocks SET Sequence = Sequence * 1000000000000", "LedgerBlocks", FaultKind.Chain)]
    [InlineData("UPDATE LedgerBlocks SET Count = -2147483648", "LedgerBlocks", FaultKind.Chain)]
    [InlineData("UPDATE TalliesByWindow SET Satisfied = -2147483648", "TalliesByWindow", FaultKind.Tally)]
    [InlineData("UPDATE TalliesByHour SET LocalDate = 99991231", "TalliesByHour", FaultKind.Tally)]
    [InlineData("UPDATE TalliesByHour SET LocalDate = 10101", "TalliesByHour", FaultKind.Tally)]
    [InlineData("UPDATE Ratings SET LocalDate = 99991231, ReceivedAt = 253402300799999", "Ratings", FaultKind.Altered)]
    [InlineData("UPDATE Reports SET Version = 2147483647, Week = '2999-W52'", "Reports", FaultKind.Altered)]
    [InlineData(
        "UPDATE LedgerKeys SET AdmittedAt = 253402300799999, Replaces = -2147483648",
        "LedgerKeys",
        FaultKind.Altered
    )]
    public async Task One_value_that_no_program_of_ours_writes_is_a_fault_of_its_row(
        string sql,
        string table,
        FaultKind kind
    )
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await file.TamperAsync(sql);
        var faults = await file.FaultsAsync();
        Assert.Contains(faults, f => f.Table == table && f.Kind == kind);
        Assert.True(faults.Count < 100, $"{faults.Count} faults.");
        Assert.All(faults, f => Assert.True(f.Id is not { Length: > 200 }));
    }

    [Theory]
    [InlineData("(Sequence) VALUES ('x')", 0L)]
    [InlineData("(Sequence) VALUES (x'78')", 0L)]
    [InlineData("(Sequence) VALUES (5.5)", 0L)]
    [InlineData("(Sequence) VALUES (NULL)", 0L)]
    [InlineData("SELECT * FROM LedgerBlocks WHERE Sequence = 3", 3L)]
    public async Task A_block_in_a_table_without_its_primary_key_is_a_fault_and_verification_ends(
        string row,
        long block
    )
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await WithoutPrimaryKeyAsync(file);
        await file.TamperAsync($"INSERT INTO LedgerBlocks {row}");
        Assert.Equal(
            [new Fault(FaultKind.Chain, "LedgerBlocks", null, block, null)],
            await file.FaultsAsync().WaitAsync(Limit, TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task A_sequence_that_is_no_integer_hides_no_later_block()
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        var kept = (byte[])(await file.QueryAsync("SELECT Hash FROM LedgerBlocks WHERE Sequence = 3"))[0][0];
        await WithoutPrimaryKeyAsync(file);
        await file.TamperAsync("INSERT INTO LedgerBlocks (Sequence) VALUES ('x')");
        await file.TamperAsync("UPDATE LedgerHead SET Sequence = 3, Hash = $1", kept);
        await file.TamperAsync("UPDATE Ratings SET Grade = 3 WHERE Id = $1", 6);

        var known = new KnownKeys([], [file.Key!.Fingerprint], []);
        var result = await file.VerifyAsync(known, new Anchor("since", 3, kept))
            .WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                new(FaultKind.Altered, "Ratings", LedgerFile.Id(6).ToString(), 5, 0),
                new(FaultKind.Chain, "LedgerBlocks", null, 0, null),
                new(FaultKind.Chain, "LedgerHead", null, 5, null),
            ],
            result.Faults
        );
    }

    private static async Task WithoutPrimaryKeyAsync(LedgerFile file)
    {
        await file.TamperAsync("CREATE TABLE Copied AS SELECT * FROM LedgerBlocks");
        await file.TamperAsync("DROP TABLE LedgerBlocks");
        await file.TamperAsync("ALTER TABLE Copied RENAME TO LedgerBlocks");
    }

    [Fact]
    public async Task A_hash_of_a_rating_that_is_longer_than_anything_is_a_sentence()
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await file.TamperAsync("UPDATE Ratings SET ReceiptHash = zeroblob(70000000) WHERE Id = $1", 1);
        var (exitCode, output, errors) = await TestHost.CommandInAsync(file.Directory, "verify");
        Assert.Equal((1, ""), (exitCode, output));
        var sentence = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("没有核验", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_that_is_larger_than_any_is_not_read()
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        // The report is frozen as usual, so that only its size is wrong.
        var json = (string)(await file.QueryAsync("SELECT Json FROM Reports"))[0][0];
        var end = json.LastIndexOf(",\"contentHash\"", StringComparison.Ordinal);
        var bare = $"{json[..end]},\"x\":\"{new string('x', 33 << 20)}\"}}";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(bare));
        var frozen = $"{bare[..^1]},\"contentHash\":\"{Convert.ToHexStringLower(hash)}\"}}";
        await file.TamperAsync("UPDATE Reports SET Json = $1, ContentHash = $2", frozen, hash);
        var fault = new Fault(FaultKind.Altered, "Reports", "county-2026-W47-v1", null, null);
        Assert.Equal([fault], await file.FaultsAsync());
    }

    [Fact]
    public async Task More_keys_than_any_installation_has_are_one_fault_and_are_not_kept()
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await file.TamperAsync(
            """
            WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
            INSERT INTO LedgerKeys (Id, Algorithm, PublicKey, Name, Replaces, AdmittedAt, Leaf, Block, "Index")
            SELECT i, 1, zeroblob(91), 'x', 0, 0, zeroblob(32), 1, 3 FROM n
            """
        );
        var result = await file.VerifyAsync();
        Assert.Contains(new Fault(FaultKind.Unlawful, "LedgerKeys", null, null, null, Rule: "tooMany"), result.Faults);
        Assert.True(result.Faults.Count <= 1_000 && result.Signatures.Keys.Count <= 1_000);
    }

    [Theory]
    [InlineData("of a block")]
    [InlineData("of an imported rating")]
    [InlineData("of a correction")]
    [InlineData("of a date")]
    public async Task The_last_possible_time_breaks_a_rule_and_causes_no_exception(string what)
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await file.TamperAsync("DELETE FROM Reports");
        ILedgerEntry entry = what switch
        {
            "of a correction" => Forgery.Correct(LedgerFile.Id(5), Grade.Satisfied, Grade.Dissatisfied, End),
            "of a date" => Forged(Start, DateOnly.MaxValue),
            _ => Forged(what == "of a block" ? Start : End, null),
        };
        await new Forgery(file.Path, file.Key).AppendAsync(what == "of a block" ? End : Start, entry);
        // Recorded heads are compared with the time of the block.
        var heads = (await file.QueryAsync("SELECT Sequence, Hash FROM LedgerBlocks WHERE Sequence >= 5")).Select(
            b => new Anchor("heads.log", (long)b[0], (byte[])b[1], At: Start)
        );
        Assert.Contains(await file.FaultsAsync([.. heads]), f => f is { Kind: FaultKind.Unlawful, Block: 6 });
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(253402300799999L)]
    public async Task A_report_of_the_first_or_last_possible_time_causes_no_exception(long compiledAt)
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await file.AddReportAsync("county", "2026-W47", 2, 5, Start.AddDays(6));
        await file.TamperAsync("UPDATE Reports SET CompiledAt = $1 WHERE Version = 2", compiledAt);
        await new Forgery(file.Path, file.Key).WriteAsync(db =>
        {
            db.Add(
                new Core.Mail.ReportMail
                {
                    Scope = "county",
                    Week = "2026-W47",
                    Version = 2,
                    Recipient = "a@example.org",
                    State = Core.Mail.MailState.Sent,
                    At = Start,
                }
            );
            return Task.CompletedTask;
        });
        Assert.Contains(await file.FaultsAsync(), f => f is { Kind: FaultKind.Unlawful });
    }

    private static Rating Forged(DateTimeOffset received, DateOnly? localDate)
    {
        var id = Guid.NewGuid().ToByteArray(bigEndian: true);
        id[6] = (byte)(0x80 | id[6] & 0x0F);
        var honest = Rating.Give(
            new Guid(id, bigEndian: true),
            1,
            3,
            Tier.Imported,
            Channel.Qr,
            Grade.Satisfied,
            Start,
            Zone,
            received,
            new byte[32]
        );
        return localDate is not { } date
            ? honest
            : Rating.Restore(
                honest.Id,
                1,
                3,
                Tier.Imported,
                Channel.Qr,
                Standing.Counted,
                honest.Grade,
                honest.GivenAt,
                date,
                honest.LocalHour,
                received,
                new byte[32],
                leaf: null
            );
    }
}
