using System.Net;
using System.Text.Json.Nodes;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Tests.Exchange;

namespace ServiceEval.Tests.Ledger;

/// <summary>
/// An outsider who has a dump, FORMAT.md and a program of their own finds what our verification finds in the ledger.
/// </summary>
public sealed class OutsideVerifierTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_outside_program_agrees_with_every_test_vector()
    {
        var (exitCode, output) = await OutsideVerifier.RunAsync([], "--vectors", OutsideVerifier.Vectors);
        Assert.True(exitCode == 0, output);
        Assert.Matches("^ok [1-9][0-9]* vectors\n$", output.ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData("leaves", "leaf")]
    [InlineData("leaves", "bytes")]
    [InlineData("commitments", "commitment")]
    [InlineData("roots", "root")]
    [InlineData("signatures", "digest")]
    [InlineData("signatures", "signature")]
    public async Task A_vector_that_is_wrong_is_named(string kind, string property)
    {
        using var folder = new Hosting.Folder();
        var vectors = JsonNode.Parse(await File.ReadAllTextAsync(OutsideVerifier.Vectors, Ct))!;
        vectors[kind]![0]![property] = new string('a', 128);
        var changed = Path.Combine(folder.Path, "vectors.json");
        await File.WriteAllTextAsync(changed, vectors.ToJsonString(), Ct);

        var (exitCode, output) = await OutsideVerifier.RunAsync([], "--vectors", changed);

        Assert.Equal(1, exitCode);
        Assert.StartsWith("fault vector", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ledger_that_the_service_wrote_is_verified_without_our_code()
    {
        await using var host = await TestHost.StartAsync();
        var ticket = await host.TicketAsync();
        using var rated = await host.PostRatingAsync(
            new
            {
                ticket = ticket.Ticket,
                grade = "dissatisfied",
                tags = (string[])["207", "209"],
                comment = "等了两小时\n\"急\" 😀",
            }
        );
        Assert.Equal(HttpStatusCode.Created, rated.StatusCode);
        var corrected = await host.RateAsync(Grade.VeryDissatisfied);
        using var correction = await host.PostFormAsync($"/r/{corrected.Receipt}/correction", ("grade", "satisfied"));
        Assert.Equal(HttpStatusCode.SeeOther, correction.StatusCode);
        Assert.Equal(0, (await host.ImportAsync(Importing.Csv(20))).ExitCode);
        Assert.Equal(0, (await host.CommandAsync("ledger", "rotate")).ExitCode);
        var last = await host.RateAsync(Grade.VerySatisfied);

        var (exitCode, output) = await OutsideVerifier.RunAsync(await DumpAsync(host));

        Assert.True(exitCode == 0, output);
        Assert.StartsWith($"ok {last.Block.Sequence}:{last.Block.Hash}\n", output, StringComparison.Ordinal);
        Assert.Contains("\n27 entries, 0 unsigned blocks, 0 comments", output, StringComparison.Ordinal);
        Assert.Matches("\nkey 2 [0-9a-f]{64} signed 1 blocks", output);

        await host.QueryAsync("UPDATE Ratings SET Grade = 1 WHERE Id = $1", ticket.RatingId.ToByteArray(true));
        Assert.Equal(
            (1, $"fault altered Ratings {ticket.RatingId:N} (block 1, index 0): its values do not give its leaf\n"),
            await OutsideVerifier.RunAsync(await DumpAsync(host))
        );
    }

    [Theory]
    [InlineData("UPDATE Ratings SET Grade = 1 WHERE Block = 4", "altered Ratings")]
    [InlineData("UPDATE Ratings SET Tier = 'x' WHERE Block = 4", "altered Ratings")]
    [InlineData("UPDATE Ratings SET LocalDate = LocalDate + 1 WHERE Block = 4", "altered Ratings")]
    [InlineData("UPDATE Ratings SET LocalDate = 20261399 WHERE Block = 4", "altered Ratings")]
    [InlineData("UPDATE Ratings SET Standing = 3 WHERE Block = 4", "altered Ratings")]
    [InlineData("UPDATE Ratings SET Leaf = zeroblob(32) WHERE Block = 4", "altered Ratings")]
    [InlineData("UPDATE Ratings SET \"Index\" = 1 - \"Index\" WHERE Block = 5", "altered LedgerBlocks 5")]
    [InlineData("UPDATE Corrections SET CorrectedAt = CorrectedAt + 1", "altered Corrections")]
    [InlineData("UPDATE RatingDetails SET Tags = '101,102' WHERE Tags = '101'", "altered RatingDetails")]
    [InlineData("UPDATE RatingDetails SET Comment = '很好' WHERE Block = 2", "altered RatingDetails")]
    [InlineData("UPDATE RatingDetails SET Comment = NULL, CommentSalt = NULL WHERE Block = 2", "altered RatingDetails")]
    [InlineData("UPDATE LedgerKeys SET Name = 'x'", "altered LedgerKeys 1")]
    [InlineData("DELETE FROM Ratings WHERE Block = 4", "removed LedgerBlocks 4")]
    [InlineData("DELETE FROM Ratings WHERE Block = 5 AND \"Index\" = 0", "removed LedgerBlocks 5")]
    [InlineData("DELETE FROM LedgerKeys", "removed LedgerBlocks 1")]
    [InlineData(
        "INSERT INTO Corrections (RatingId, ReplacedGrade, Grade, CorrectedAt, Leaf, Block, \"Index\") "
            + "SELECT Id, 2, 1, GivenAt, Leaf, 0, 0 FROM Ratings WHERE Block = 4",
        "inserted Corrections"
    )]
    [InlineData("DELETE FROM LedgerBlocks WHERE Sequence = 3", "chain LedgerBlocks 3")]
    [InlineData("UPDATE LedgerBlocks SET Root = zeroblob(32) WHERE Sequence = 3", "chain LedgerBlocks 3")]
    [InlineData("UPDATE LedgerBlocks SET CommittedAt = CommittedAt + 1 WHERE Sequence = 3", "chain LedgerBlocks 3")]
    [InlineData("UPDATE LedgerBlocks SET Algorithm = 2 WHERE Sequence = 3", "chain LedgerBlocks 3: the algorithm 2")]
    [InlineData("UPDATE LedgerBlocks SET Signature = zeroblob(64) WHERE Sequence = 3", "unlawful LedgerBlocks 3")]
    [InlineData("UPDATE LedgerBlocks SET KeyId = 2 WHERE Sequence = 3", "unlawful LedgerBlocks 3")]
    [InlineData("UPDATE LedgerBlocks SET KeyId = NULL, Signature = NULL", "unlawful LedgerBlocks 1")]
    [InlineData("UPDATE LedgerHead SET Sequence = 4", "chain LedgerHead")]
    [InlineData("DELETE FROM LedgerHead", "chain LedgerHead")]
    public async Task A_change_by_hand_is_the_fault_that_the_outsider_names(string sql, string fault)
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        Assert.NotEqual(0, await file.TamperAsync(sql));

        var (exitCode, output) = await OutsideVerifier.RunAsync(await DumpAsync(file));

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"fault {fault}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tail_that_was_cut_off_is_found_by_a_kept_head()
    {
        await using var file = await LedgerFile.CreateAsync();
        await file.CommitAsync(LedgerFile.Give(1));
        await using var earlier = await file.CopyAsync();
        await file.CommitAsync(LedgerFile.Give(2));
        var head = await file.HeadAsync();
        var kept = $"{head.Sequence}:{Convert.ToHexStringLower(head.Hash)}";

        Assert.Equal(0, (await OutsideVerifier.RunAsync(await DumpAsync(file), "--head", kept)).ExitCode);
        Assert.Equal(0, (await OutsideVerifier.RunAsync(await DumpAsync(earlier))).ExitCode);
        var (exitCode, output) = await OutsideVerifier.RunAsync(await DumpAsync(earlier), "--head", kept);
        Assert.Equal(1, exitCode);
        Assert.StartsWith("fault chain LedgerBlocks 2", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_ends_all_others_is_a_fault_until_its_fingerprint_is_given()
    {
        using var renewed = SigningKey.Create();
        var author = new LedgerAuthor("renewed", _ => [renewed]);
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await file.CommitAsync(author, new AdmitKey(renewed.PublicKey, "renewed", Renews: true));
        await file.CommitAsync(author, LedgerFile.Give(8));

        var (exitCode, output) = await OutsideVerifier.RunAsync(await DumpAsync(file));
        Assert.Equal(1, exitCode);
        Assert.StartsWith("fault unlawful LedgerKeys 2 (block 6, index 0)", output, StringComparison.Ordinal);
        Assert.Equal(0, (await OutsideVerifier.RunAsync(await DumpAsync(file), "--key", renewed.Fingerprint)).ExitCode);
    }

    [Fact]
    public async Task Comments_may_be_kept_from_the_outsider()
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        var sql = string.Join(
            '\n',
            (await OutsideVerifier.DumpSqlAsync("sqlite"))
                .Split('\n')
                .Where(line => !line.Contains("'Comment',", StringComparison.Ordinal))
                .Where(line => !line.Contains("'CommentSalt',", StringComparison.Ordinal))
        );
        var dump = (await file.QueryAsync(sql)).Select(row => (string)row[0]).ToList();
        Assert.DoesNotContain(dump, line => line.Contains("等了两小时", StringComparison.Ordinal));

        var (exitCode, output) = await OutsideVerifier.RunAsync(dump);

        Assert.True(exitCode == 0, output);
        Assert.Contains(" 1 comments that the dump leaves out", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blocks_from_before_the_first_key_are_counted()
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync(author: null);
        var (exitCode, output) = await OutsideVerifier.RunAsync(await DumpAsync(file));
        Assert.True(exitCode == 0, output);
        Assert.Contains(" 5 unsigned blocks", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("{\"table\":\"Halls\"}")]
    public async Task Something_that_is_no_dump_is_not_verified(string line) =>
        Assert.Equal(2, (await OutsideVerifier.RunAsync([line])).ExitCode);

    private static async Task<IEnumerable<string>> DumpAsync(TestHost host) =>
        (await host.QueryAsync(await OutsideVerifier.DumpSqlAsync("sqlite"))).Select(row => (string)row[0]!);

    private static async Task<IEnumerable<string>> DumpAsync(LedgerFile file) =>
        (await file.QueryAsync(await OutsideVerifier.DumpSqlAsync("sqlite"))).Select(row => (string)row[0]);
}
