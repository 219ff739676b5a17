using System.Diagnostics;
using System.Text.Json;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Sqlite;
using ServiceEval.Web.Features.Ledger;
using ServiceEval.Web.Http;

namespace ServiceEval.Tests.Ledger;

public sealed class VerifyTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_verb_finds_nothing_in_what_was_not_touched_and_keeps_its_exit_codes()
    {
        await using var host = await TestHost.StartAsync();
        var rating = await host.RateAsync();
        var (clean, output, _) = await host.CommandAsync("verify", "--json");
        Assert.Equal(0, clean);
        Assert.Equal(
            rating.Block.Hash,
            JsonSerializer.Deserialize<VerificationResult>(output, Json.Options)!.Head.Hash
        );
        Assert.Contains(
            "核验看不到账本以外的内容：大厅",
            (await host.CommandAsync("verify")).Output,
            StringComparison.Ordinal
        );
        Assert.Equal(2, (await host.CommandAsync("verify", "--anchor", "1:xyz")).ExitCode);
        Assert.Equal(1, (await host.CommandAsync("verify", "--anchor", $"1:{new string('0', 64)}")).ExitCode);
    }

    [Fact]
    public async Task An_altered_grade_is_named_with_its_row()
    {
        await using var host = await TestHost.StartAsync();
        var id = (await host.RateAsync(Grade.VeryDissatisfied)).RatingId;
        await host.QueryAsync("UPDATE Ratings SET Grade = 1");
        Assert.Contains(
            await FaultsAsync(host),
            f => f == new Fault(FaultKind.Altered, "Ratings", id.ToString(), 1, 0)
        );
    }

    [Fact]
    public async Task A_removed_row_is_named_with_its_place()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        await host.RateAsync();
        await host.QueryAsync("DELETE FROM Ratings WHERE Block = 2");
        Assert.Contains(await FaultsAsync(host), f => f == new Fault(FaultKind.Removed, "Ratings", null, 2, 0));
    }

    [Theory]
    [InlineData("00000000000000000000000000000001", 0, "first in the order of ids")]
    [InlineData("ffffffffffffffffffffffffffffffff", 0, "last in the order of ids")]
    [InlineData("ffffffffffffffffffffffffffffffff", 9, "beyond the block's count")]
    public async Task An_inserted_row_is_named(string id, int index, string where)
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        var row = Assert.Single(await RatingsAsync(host));
        var forged = Rating.Restore(
            Guid.Parse(id),
            row.WindowId,
            row.DepartmentId,
            row.Tier,
            row.Channel,
            row.Standing,
            Grade.VerySatisfied,
            row.GivenAt,
            row.LocalDate,
            row.LocalHour,
            row.ReceivedAt,
            row.ReceiptHash,
            leaf: null
        );
        await host.QueryAsync(
            """
            CREATE TEMP TABLE Forged AS SELECT * FROM Ratings;
            UPDATE Forged SET Id = $1, Grade = 1, Leaf = $2, "Index" = $3;
            INSERT INTO Ratings SELECT * FROM Forged
            """,
            forged.Id.ToByteArray(bigEndian: true),
            forged.Leaf,
            index
        );
        Assert.True(
            (await FaultsAsync(host)).Contains(
                new Fault(FaultKind.Inserted, "Ratings", forged.Id.ToString(), 1, index)
            ),
            where
        );
    }

    [Fact]
    public async Task An_edited_tally_is_named_with_its_table()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        await host.QueryAsync("UPDATE TalliesByWindow SET VerySatisfied = VerySatisfied + 1");
        var fault = Assert.Single(await FaultsAsync(host));
        Assert.Equal((FaultKind.Tally, "TalliesByWindow"), (fault.Kind, fault.Table));
    }

    [Fact]
    public async Task A_comment_that_vanished_is_named()
    {
        await using var host = await TestHost.StartAsync();
        var ticket = await host.TicketAsync();
        using var response = await host.PostRatingAsync(
            new
            {
                ticket = ticket.Ticket,
                grade = "dissatisfied",
                comment = "等了两小时",
            }
        );
        Assert.Empty(await FaultsAsync(host));

        await host.QueryAsync("UPDATE RatingDetails SET Comment = NULL, CommentSalt = NULL");

        Assert.Equal(
            new Fault(FaultKind.Altered, "RatingDetails", ticket.RatingId.ToString(), 1, 1),
            Assert.Single(await FaultsAsync(host))
        );
    }

    [Fact]
    public async Task A_value_that_no_program_of_ours_writes_is_a_named_fault_in_json()
    {
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        await host.QueryAsync("UPDATE TalliesByHour SET LocalDate = 20261399");
        await host.QueryAsync("UPDATE Ratings SET Id = x'00', Grade = 'much'");

        var (exitCode, output, _) = await host.CommandAsync("verify", "--json");

        Assert.Equal(1, exitCode);
        var result = JsonSerializer.Deserialize<VerificationResult>(output, Json.Options)!;
        Assert.Equal((false, new Fault(FaultKind.Altered, "Ratings", "x'00'", 1, 0)), (result.Ok, result.Faults[0]));
        Assert.Contains(result.Faults, f => f is { Kind: FaultKind.Tally, Table: "TalliesByHour" });
    }

    [Fact]
    public async Task Kept_heads_find_a_database_put_back_to_an_earlier_day()
    {
        await using var file = await LedgerFile.CreateAsync();
        await file.CommitAsync(LedgerFile.Give(1));
        await using var earlier = await file.CopyAsync();
        await file.CommitAsync(LedgerFile.Give(2));
        var head = await file.HeadAsync();
        var line = $"2026-11-18T02:00:00Z {head.Sequence}:{Convert.ToHexStringLower(head.Hash)}\n";

        await File.WriteAllTextAsync(Path.Combine(earlier.Directory, "copy.log"), line, Ct);
        var (given, output, _) = await TestHost.CommandInAsync(
            earlier.Directory,
            "verify",
            "--json",
            "--heads",
            "copy.log"
        );
        Assert.Equal(
            (1, new Fault(FaultKind.Chain, "copy.log", null, 2, null)),
            (given, Assert.Single(JsonSerializer.Deserialize<VerificationResult>(output, Json.Options)!.Faults))
        );

        await File.WriteAllTextAsync(Path.Combine(earlier.Directory, "heads.log"), $"\0garbled\n{line}", Ct);
        var (own, _, errors) = await TestHost.CommandInAsync(earlier.Directory, "verify");
        Assert.Equal(1, own);
        Assert.Contains("1 行无法识别", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "没有账本头")]
    [InlineData("2026-11-18T02:00:00Z 1:00ff", "第 1 行")]
    [InlineData("\0\0\0\0", "第 1 行")]
    [InlineData(
        "2026-11-18T02:00:00Z 0:0000000000000000000000000000000000000000000000000000000000000000\n2026-11-",
        "第 2 行"
    )]
    public async Task A_log_of_heads_that_is_not_whole_is_refused_in_one_sentence(string content, string said)
    {
        await using var file = await LedgerFile.CreateAsync();
        await File.WriteAllTextAsync(Path.Combine(file.Directory, "copy.log"), content, Ct);

        var (exitCode, output, errors) = await TestHost.CommandInAsync(
            file.Directory,
            "verify",
            "--json",
            "--heads",
            "copy.log"
        );

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains(
            said,
            Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Without_a_database_the_verb_says_so_and_makes_none()
    {
        var directory = Directory.CreateTempSubdirectory("serviceeval-").FullName;
        var (exitCode, output, errors) = await TestHost.CommandInAsync(directory, "verify");
        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith(
            "没有数据库文件",
            Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
        Assert.Empty(Directory.EnumerateFileSystemEntries(directory));
        Directory.Delete(directory);
    }

    [Fact]
    public async Task A_consistent_rewrite_lacks_the_nodes_signature_and_is_not_a_head_kept_elsewhere()
    {
        await using var host = await TestHost.StartAsync();
        var honest = (await host.RateAsync(Grade.VeryDissatisfied)).Block;
        var row = Assert.Single(await RatingsAsync(host));
        var forged = Rating.Restore(
            row.Id,
            row.WindowId,
            row.DepartmentId,
            row.Tier,
            row.Channel,
            row.Standing,
            Grade.VerySatisfied,
            row.GivenAt,
            row.LocalDate,
            row.LocalHour,
            row.ReceivedAt,
            row.ReceiptHash,
            leaf: null
        );
        var block = LedgerBlock.Seal(
            new LedgerHead(),
            [forged.Leaf, (await Reader(host).WholeTableAsync(EntryKind.Key, Ct)).Rows[0].Row.Leaf],
            TestHost.Start
        );
        await host.QueryAsync("UPDATE Ratings SET Grade = 1, Leaf = $1", forged.Leaf);
        await host.QueryAsync(
            "UPDATE LedgerBlocks SET Root = $1, Hash = $2, CommittedAt = $3",
            block.Root,
            block.Hash,
            block.CommittedAt.ToUnixTimeMilliseconds()
        );
        await host.QueryAsync("UPDATE LedgerHead SET Hash = $1", block.Hash);
        foreach (var table in (string[])["TalliesByHour", "TalliesByWindow"])
            await host.QueryAsync($"UPDATE {table} SET VerySatisfied = 1, VeryDissatisfied = 0");

        var unsigned = new Fault(FaultKind.Unlawful, "LedgerBlocks", null, 1, null, Rule: "signature");
        Assert.Equal([unsigned], await FaultsAsync(host));
        Assert.Equal(
            [new Fault(FaultKind.Chain, "anchor", null, 1, null), unsigned],
            await FaultsAsync(host, Anchor.Parse("anchor", $"1:{honest.Hash}")!)
        );
    }

    private static SqliteLedgerReader Reader(TestHost host) => new($"Data Source={host.DatabasePath}");

    private static async Task<IEnumerable<Rating>> RatingsAsync(TestHost host) =>
        (await Reader(host).PageAsync(EntryKind.Rating, null, Ct)).Rows.Select(r => r.Row);

    private static async Task<IReadOnlyList<Fault>> FaultsAsync(TestHost host, params Anchor[] anchors) =>
        (await new Verification(Reader(host)).RunAsync(anchors, null, Ct)).Faults;
}
