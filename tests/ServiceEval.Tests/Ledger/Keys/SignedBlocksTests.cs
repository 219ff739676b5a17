using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.TestDatabases;
using ServiceEval.Web.Features.Ledger;
using ServiceEval.Web.Features.Ledger.Keys;

namespace ServiceEval.Tests.Ledger.Keys;

/// <summary>
/// A person who can write to the database and has no node's key cannot append anything that verification accepts.
/// </summary>
public sealed class SignedBlocksTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 18, 2, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Every_block_is_signed_by_the_key_that_the_first_one_admits()
    {
        await using var file = await FiveBlocksAsync();

        var result = await file.VerifyAsync();

        Assert.Empty(result.Faults);
        var key = Assert.Single(result.Signatures.Keys);
        Assert.Equal((0L, 1, "test", 5L), (result.Signatures.UnsignedBlocks, key.Id, key.Name, key.Blocks));
    }

    [Fact]
    public async Task A_block_that_somebody_appends_without_a_key_is_unlawful()
    {
        await using var file = await FiveBlocksAsync();
        await file.CommitAsync(author: null, LedgerFile.Give(8));
        Assert.Equal([Unlawful(6)], await file.FaultsAsync());
    }

    [Theory]
    [InlineData("the signature of another block")]
    [InlineData("a key that the ledger does not know")]
    [InlineData("a key id that the ledger does not know")]
    public async Task A_block_with_another_signature_is_unlawful(string signature)
    {
        await using var file = await FiveBlocksAsync();
        await file.CommitAsync(author: null, LedgerFile.Give(8));
        using var stranger = SigningKey.Create();
        var hash = (await file.HeadAsync()).Hash;
        await file.TamperAsync(
            "UPDATE LedgerBlocks SET KeyId = $1, Signature = $2 WHERE Sequence = 6",
            signature.Contains("id", StringComparison.Ordinal) ? 99L : 1L,
            signature.Contains("block", StringComparison.Ordinal)
                ? (await file.QueryAsync("SELECT Signature FROM LedgerBlocks WHERE Sequence = 5"))[0][0]
                : stranger.Sign(hash)
        );
        Assert.Equal([Unlawful(6)], await file.FaultsAsync());
    }

    [Fact]
    public async Task A_key_that_signs_its_own_admission_is_unlawful_until_an_operator_accepts_it()
    {
        var stranger = SigningKey.Create();
        await using var file = await FiveBlocksAsync();
        await file.CommitAsync(
            new LedgerAuthor("stranger", _ => [stranger]),
            new AdmitKey(stranger.PublicKey, "stranger", Renews: true)
        );
        await file.CommitAsync(new LedgerAuthor("stranger", _ => [stranger]), LedgerFile.Give(8));

        Assert.Equal(
            [new Fault(FaultKind.Unlawful, "LedgerKeys", "2", 6, 0, Rule: "keyAdmitted")],
            await file.FaultsAsync()
        );
        var acknowledged = await file.VerifyAsync(new KnownKeys([], [], [stranger.Fingerprint]));
        Assert.Empty(acknowledged.Faults);
        Assert.Equal([5L, 2L], acknowledged.Signatures.Keys.Select(k => k.Blocks));
    }

    [Fact]
    public async Task A_key_row_that_a_stranger_puts_into_a_block_of_its_own_admits_nobody()
    {
        using var stranger = SigningKey.Create();
        await using var file = await FiveBlocksAsync();
        // The row looks as if the ledger's own key had admitted the stranger's key. Only the signature cannot be made.
        var head = await file.HeadAsync();
        var key = LedgerKey.Of(2, stranger.PublicKey, "stranger", 0, Start);
        var block = LedgerBlock
            .Seal(new LedgerHead { Sequence = head.Sequence, Hash = head.Hash }, [key.Leaf], Start)
            .SignedBy(2, stranger);
        await file.TamperAsync(
            "INSERT INTO LedgerKeys (Id, Algorithm, PublicKey, Name, Replaces, AdmittedAt, Leaf, Block, \"Index\") VALUES (2, 1, $1, 'stranger', 0, $2, $3, 6, 0)",
            key.PublicKey,
            key.AdmittedAt.ToUnixTimeMilliseconds(),
            key.Leaf
        );
        await file.TamperAsync(
            "INSERT INTO LedgerBlocks (Sequence, Algorithm, Root, Count, CommittedAt, Hash, KeyId, Signature) VALUES (6, 1, $1, 1, $2, $3, $4, $5)",
            block.Root,
            block.CommittedAt.ToUnixTimeMilliseconds(),
            block.Hash,
            2L,
            block.Signature!
        );
        await file.TamperAsync("UPDATE LedgerHead SET Sequence = 6, Hash = $1", block.Hash);

        Assert.Contains(Unlawful(6), await file.FaultsAsync());
    }

    [Theory, InlineData(3L), InlineData(5L)]
    public async Task With_a_kept_head_a_key_that_a_stranger_inserted_before_it_signs_nothing(long block)
    {
        using var stranger = SigningKey.Create();
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await file.TamperAsync("DELETE FROM Reports");
        var since = new Anchor("since", 5, (await file.HeadAsync()).Hash);
        var key = LedgerKey.Of(2, stranger.PublicKey, "stranger", 0, Start);
        await file.TamperAsync(
            """
            INSERT INTO LedgerKeys (Id, Algorithm, PublicKey, Name, Replaces, AdmittedAt, Leaf, Block, "Index")
            VALUES (2, 1, $1, 'stranger', 0, $2, $3, $4, 9)
            """,
            key.PublicKey,
            key.AdmittedAt.ToUnixTimeMilliseconds(),
            key.Leaf,
            block
        );
        await file.CommitAsync(LedgerFile.Give(8));
        await file.CommitAsync(new LedgerAuthor("stranger", _ => [stranger]), LedgerFile.Give(9));

        KeptKey kept = new("heads.log", file.Key!.Fingerprint);
        Assert.Equal(
            [new(FaultKind.Unlawful, "LedgerKeys", "2", block, 9, Rule: "keyAdmitted"), Unlawful(7)],
            (await file.VerifyAsync(new([kept], [], []), since)).Faults
        );
        Assert.Empty((await file.VerifyAsync(new([kept], [stranger.Fingerprint], []), since)).Faults);
    }

    [Theory]
    [InlineData("kept", "heads.log", "keyKept")]
    [InlineData("own", "ledger-keys.json", "keyOwn")]
    [InlineData("given", "--key", "keyKept")]
    public async Task With_a_kept_head_a_ledger_without_the_known_keys_is_a_fault(
        string how,
        string source,
        string rule
    )
    {
        await using var file = await LedgerFile.WithFiveBlocksAsync();
        await file.TamperAsync("DELETE FROM Reports");
        var since = new Anchor("since", 5, (await file.HeadAsync()).Hash);
        await file.TamperAsync("DELETE FROM LedgerKeys");
        await file.CommitAsync(author: null, LedgerFile.Give(8));
        var key = file.Key!.Fingerprint;
        var known = how switch
        {
            "kept" => new KnownKeys([new("heads.log", key)], [], []),
            "own" => new KnownKeys([], [key], []),
            _ => new KnownKeys([], [], [key]),
        };
        Assert.Equal(
            [new Fault(FaultKind.Unlawful, source, key, null, null, Rule: rule)],
            (await file.VerifyAsync(known, since)).Faults
        );
    }

    [Fact]
    public async Task An_old_ledger_goes_on_signed_and_its_unsigned_blocks_are_counted()
    {
        await using var file = await FiveBlocksAsync(author: null);
        Assert.Equal(5, (await file.VerifyAsync()).Signatures.UnsignedBlocks);
        var author = TestDatabase.NewAuthor();
        await file.CommitAsync(author, LedgerFile.Give(8));
        await file.CommitAsync(author, LedgerFile.Give(9));

        var result = await file.VerifyAsync();
        Assert.Empty(result.Faults);
        Assert.Equal((5L, 2L), (result.Signatures.UnsignedBlocks, Assert.Single(result.Signatures.Keys).Blocks));

        await file.CommitAsync(author: null, LedgerFile.Give(10));
        Assert.Equal([Unlawful(8)], await file.FaultsAsync());
    }

    [Theory]
    [InlineData("UPDATE LedgerBlocks SET Signature = NULL, KeyId = NULL WHERE Sequence = 3")]
    [InlineData("UPDATE LedgerBlocks SET Signature = randomblob(64) WHERE Sequence = 3")]
    [InlineData("UPDATE LedgerBlocks SET KeyId = 2 WHERE Sequence = 3")]
    [InlineData("UPDATE LedgerBlocks SET KeyId = NULL WHERE Sequence = 3")]
    public async Task A_signature_that_was_touched_is_named_with_its_block(string sql)
    {
        await using var file = await FiveBlocksAsync();
        await file.TamperAsync(sql);
        Assert.Equal([Unlawful(3)], await file.FaultsAsync());
    }

    [Fact]
    public async Task Missing_signatures_are_faults_even_if_the_whole_ledger_lost_them()
    {
        await using var file = await FiveBlocksAsync();
        await file.TamperAsync("UPDATE LedgerBlocks SET Signature = NULL, KeyId = NULL");
        Assert.Equal([.. Enumerable.Range(1, 5).Select(i => Unlawful(i))], await file.FaultsAsync());
    }

    [Fact]
    public async Task A_key_that_was_removed_is_named()
    {
        await using var file = await FiveBlocksAsync();
        await file.TamperAsync("DELETE FROM LedgerKeys");
        Assert.Contains(new Fault(FaultKind.Removed, "LedgerKeys", "1", 1, 3), await file.FaultsAsync());
    }

    [Theory]
    [InlineData("a public key")]
    [InlineData("a time")]
    [InlineData("a replaced key")]
    public async Task A_key_that_was_altered_together_with_its_leaf_is_named_and_no_rating_beside_it(string what)
    {
        using var stranger = SigningKey.Create();
        await using var file = await LedgerFile.CreateAsync(TestDatabase.NewAuthor());
        await file.CommitAsync(LedgerFile.Give(1));
        await file.CommitAsync(LedgerFile.Give(2));
        var row = (await file.Reader.WholeTableAsync(EntryKind.Key, TestContext.Current.CancellationToken)).Rows[0].Row;
        await RewriteAsync(
            file,
            LedgerKey.Of(
                1,
                what.Contains("public", StringComparison.Ordinal) ? stranger.PublicKey : row.PublicKey,
                row.Name,
                what.Contains("replaced", StringComparison.Ordinal) ? 7 : row.Replaces,
                what.Contains("time", StringComparison.Ordinal) ? row.AdmittedAt.AddDays(-3) : row.AdmittedAt
            )
        );

        var faults = await file.FaultsAsync();
        Assert.Equal(new Fault(FaultKind.Altered, "LedgerKeys", "1", 1, 1), faults[0]);
        Assert.DoesNotContain(faults, f => f.Table == "Ratings");
    }

    [Fact]
    public async Task A_key_whose_name_was_altered_together_with_its_leaf_puts_no_blame_on_the_rating_beside_it()
    {
        await using var file = await LedgerFile.CreateAsync(TestDatabase.NewAuthor());
        await file.CommitAsync(LedgerFile.Give(1));
        var row = (await file.Reader.WholeTableAsync(EntryKind.Key, TestContext.Current.CancellationToken)).Rows[0].Row;
        await RewriteAsync(file, LedgerKey.Of(1, row.PublicKey, "another", row.Replaces, row.AdmittedAt));
        // Only the leaf proves the name. So verification cannot decide which of the two rows was altered.
        Assert.Equal([new Fault(FaultKind.Altered, null, null, 1, null)], await file.FaultsAsync());
    }

    private static Task<int> RewriteAsync(LedgerFile file, LedgerKey key) =>
        file.TamperAsync(
            "UPDATE LedgerKeys SET PublicKey = $1, Name = $2, Replaces = $3, AdmittedAt = $4, Leaf = $5 WHERE Id = 1",
            key.PublicKey,
            key.Name,
            (long)key.Replaces,
            key.AdmittedAt.ToUnixTimeMilliseconds(),
            key.Leaf
        );

    [Fact]
    public async Task A_ledger_that_was_written_anew_under_another_key_is_known_by_the_key_that_was_kept()
    {
        await using var honest = await FiveBlocksAsync();
        await using var forged = await FiveBlocksAsync();
        var fingerprint = (await honest.VerifyAsync()).Signatures.Keys[0].Fingerprint;

        Assert.Empty(await forged.FaultsAsync());
        Assert.Equal(
            [new Fault(FaultKind.Unlawful, "heads.log", fingerprint, null, null, Rule: "keyKept")],
            (await forged.VerifyAsync(new([new("heads.log", fingerprint)], [], []))).Faults
        );
        Assert.Equal(
            [new Fault(FaultKind.Unlawful, "ledger-keys.json", fingerprint, null, null, Rule: "keyOwn")],
            (await forged.VerifyAsync(new([], [fingerprint], []))).Faults
        );
        Assert.Empty((await honest.VerifyAsync(new([new("heads.log", fingerprint)], [fingerprint], []))).Faults);
    }

    [Fact]
    public async Task A_new_key_is_signed_in_by_the_one_it_replaces_which_then_signs_no_more()
    {
        SigningKey[] ring = [SigningKey.Create(), SigningKey.Create()];
        var former = new LedgerAuthor("node", _ => [ring[0]]);
        await using var file = await LedgerFile.CreateAsync(former);
        await file.CommitAsync(LedgerFile.Give(1));
        var author = new LedgerAuthor("node", _ => ring);
        await file.CommitAsync(author, LedgerFile.Give(2));
        await file.CommitAsync(author, LedgerFile.Give(3));

        var result = await file.VerifyAsync();
        Assert.Empty(result.Faults);
        Assert.Equal([2L, 1L], result.Signatures.Keys.Select(k => k.Blocks));
        await Assert.ThrowsAsync<NotStoredException>(() => file.CommitAsync(LedgerFile.Give(4)));

        await file.CommitAsync(author, LedgerFile.Give(5));
        await file.TamperAsync(
            "UPDATE LedgerBlocks SET KeyId = 1, Signature = $1 WHERE Sequence = 4",
            ring[0].Sign((await file.HeadAsync()).Hash)
        );
        Assert.Equal([Unlawful(4)], await file.FaultsAsync());
    }

    [Fact]
    public async Task A_node_that_was_not_admitted_stores_nothing_until_an_admitted_one_signs_it_in()
    {
        var first = TestDatabase.NewAuthor();
        var key = SigningKey.Create();
        var second = new LedgerAuthor("second", _ => [key]);
        await using var file = await LedgerFile.CreateAsync(first);
        await file.CommitAsync(LedgerFile.Give(1));

        await Assert.ThrowsAsync<NotStoredException>(() => file.CommitAsync(second, LedgerFile.Give(2)));
        await Assert.ThrowsAsync<NotStoredException>(() =>
            file.CommitAsync(second, new AdmitKey(key.PublicKey, "second"))
        );
        await file.CommitAsync(new AdmitKey(key.PublicKey, "second"));
        await file.CommitAsync(second, LedgerFile.Give(2));
        await file.CommitAsync(LedgerFile.Give(3));

        Assert.Empty(await file.FaultsAsync());
        Assert.Equal(
            [1L, 1, 1, 2],
            (await file.QueryAsync("SELECT COALESCE(KeyId, 0) FROM LedgerBlocks ORDER BY KeyId, Sequence")).Select(r =>
                (long)r[0]
            )
        );
    }

    private static Task<LedgerFile> FiveBlocksAsync() => FiveBlocksAsync(TestDatabase.NewAuthor());

    /// <summary>
    /// Returns five blocks without their report, because no block after the report could have the time of these blocks.
    /// </summary>
    private static async Task<LedgerFile> FiveBlocksAsync(LedgerAuthor? author)
    {
        var file = await LedgerFile.WithFiveBlocksAsync(author);
        await file.TamperAsync("DELETE FROM Reports");
        return file;
    }

    private static Fault Unlawful(long block) =>
        new(FaultKind.Unlawful, "LedgerBlocks", null, block, null, Rule: "signature");
}
