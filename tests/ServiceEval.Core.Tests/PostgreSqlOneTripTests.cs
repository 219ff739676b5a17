using Microsoft.Extensions.Time.Testing;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Tallies;
using ServiceEval.Core.Tests.Ratings;
using ServiceEval.TestDatabases;

namespace ServiceEval.Core.Tests;

/// <summary>
/// A store that is the only writer of the ledger commits new ratings on the head that it left (optimistic concurrency).
/// It reads nothing first.
/// </summary>
public sealed class PostgreSqlOneTripTests(Databases databases) : IAsyncLifetime
{
    /// <summary>Selects the sessions of the test's own database, because other tests use the same server.</summary>
    private const string Waiting = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()";

    private readonly FakeTimeProvider _time = new(Given.Start);
    private TestDatabase _database = null!;
    private IRatingStore _store = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await databases.CreateAsync(DatabaseKind.PostgreSql);
        _store = _database.NewStore(_time);
        await CommitAsync(Given.Rating(1));
        await CommitAsync(Given.Rating(2));
    }

    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)_store).DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task New_ratings_are_stored_without_anything_being_read_first()
    {
        await HideCorrectionsAsync();
        Assert.Equal((LogOutcome.Stored, 3), await CommitAsync(Given.Rating(3)));
        Assert.Equal((LogOutcome.Stored, 4), await CommitAsync(Given.Rating(4)));
        await ShowCorrectionsAsync();
        await AssertOneChainAsync(blocks: 4);
    }

    [Fact]
    public async Task After_a_pause_the_store_reads_the_database_first()
    {
        await HideCorrectionsAsync();
        _time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<NotStoredException>(() => CommitAsync(Given.Rating(3)));
    }

    [Fact]
    public async Task A_request_about_a_stored_rating_reads_the_database_first()
    {
        Assert.Equal(
            (LogOutcome.Stored, 2),
            await CommitAsync(new GiveCorrection(Given.Id(2), Grade.Dissatisfied, Given.Start.AddSeconds(3)))
        );
        Assert.Equal(
            (LogOutcome.Replay, 2),
            await CommitAsync(new GiveDetail(Given.Detail(2, Grade.Dissatisfied)), times: 2)
        );
        await AssertOneChainAsync(blocks: 4);
    }

    [Fact]
    public async Task A_stored_rating_is_a_replay_and_the_other_ratings_of_its_batch_are_stored()
    {
        var answer = await _store.CommitAsync(
            [Given.Rating(3), Given.Rating(1, Grade.VeryDissatisfied), Given.Rating(3)],
            Ct
        );
        Assert.Equal(
            [
                (LogOutcome.Stored, 3L, Grade.Satisfied),
                (LogOutcome.Replay, 1, Grade.Satisfied),
                (LogOutcome.Replay, 3, Grade.Satisfied),
            ],
            answer.Results.Select(r => (r.Outcome, r.Block.Sequence, r.Grade))
        );
        Assert.Equal(3, await _database.CountAsync("Ratings"));
        await AssertOneChainAsync(blocks: 3);
    }

    [Fact]
    public async Task If_another_store_has_committed_the_store_continues_from_the_new_head()
    {
        await Given.CommitAsync(_database, Given.Rating(3));
        Assert.Equal((LogOutcome.Stored, 4), await CommitAsync(Given.Rating(4)));
        await AssertOneChainAsync(blocks: 4);
    }

    [Fact]
    public async Task If_another_store_commits_too_the_store_reads_the_database_first()
    {
        await Given.CommitAsync(_database, Given.Rating(3));
        await CommitAsync(Given.Rating(4));
        await HideCorrectionsAsync();
        await Assert.ThrowsAsync<NotStoredException>(() => CommitAsync(Given.Rating(5)));
    }

    [Fact]
    public async Task Two_stores_that_commit_in_turn_make_one_chain()
    {
        var other = _database.NewStore(_time);
        await using var owned = (IAsyncDisposable)other;
        for (var i = 3; i < 30; i++)
        {
            // The stores do not always alternate, so that each store also commits several times in sequence.
            var store = i % 7 < 3 ? other : _store;
            Assert.Equal(
                LogOutcome.Stored,
                Assert.Single((await store.CommitAsync([Given.Rating(i)], Ct)).Results).Outcome
            );
        }
        await AssertOneChainAsync(blocks: 29);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_running_commit_of_another_store_is_waited_for_and_then_followed_or_replaced(bool itCommits)
    {
        await _database.ExecuteAsync(
            """
            CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON "LedgerBlocks" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION at_commit()
            """
        );
        await using var gate = _database.Connect();
        await gate.OpenAsync(Ct);
        await using var closing = gate.CreateCommand();
        closing.CommandText = "SELECT pg_advisory_lock(1)";
        await closing.ExecuteNonQueryAsync(Ct);

        var before = Given.CommitAsync(_database, Given.Rating(3));
        await UntilAsync($"{Waiting} AND wait_event = 'advisory'");
        var after = CommitAsync(Given.Rating(4));
        await UntilAsync($"{Waiting} AND wait_event = 'transactionid'");
        if (!itCommits)
            await _database.ExecuteAsync(
                $"SELECT pg_terminate_backend(pid) FROM ({Waiting} AND wait_event = 'advisory') waiting"
            );
        closing.CommandText = "SELECT pg_advisory_unlock(1)";
        await closing.ExecuteNonQueryAsync(Ct);

        if (itCommits)
            await before;
        else
            await Assert.ThrowsAsync<NotStoredException>(() => before);
        Assert.Equal((LogOutcome.Stored, itCommits ? 4 : 3), await after);
        await AssertOneChainAsync(blocks: itCommits ? 4 : 3);
        Assert.Equal(
            [
                [itCommits ? "4" : "3"],
            ],
            await _database.ReadAsync("SELECT \"Satisfied\" FROM \"TalliesByWindow\"")
        );
    }

    [Fact]
    public async Task A_head_that_is_locked_for_too_long_is_reported_as_the_reason()
    {
        await using var other = _database.Connect();
        await other.OpenAsync(Ct);
        await using var transaction = await other.BeginTransactionAsync(Ct);
        await using var locking = other.CreateCommand();
        (locking.Transaction, locking.CommandText) = (transaction, "SELECT 1 FROM \"LedgerHead\" FOR UPDATE");
        await locking.ExecuteNonQueryAsync(Ct);
        Assert.True((await Assert.ThrowsAsync<NotStoredException>(() => CommitAsync(Given.Rating(3)))).IsLocked);
    }

    [Fact]
    public async Task An_empty_batch_commits_nothing()
    {
        var answer = await _store.CommitAsync([], Ct);
        Assert.Empty(answer.Results);
        Assert.Null(answer.Head);
    }

    /// <summary>The copy ends with block 1, so the place of block 2 in the chain is free.</summary>
    [Fact]
    public async Task If_an_older_copy_of_the_database_was_put_back_the_store_continues_from_its_head()
    {
        var copy = await _database.ReadAsync(
            "SELECT encode(\"Hash\", 'hex') FROM \"LedgerBlocks\" WHERE \"Sequence\" = 1"
        );
        await _database.ExecuteAsync(
            $"""
            DELETE FROM "Ratings" WHERE "Block" = 2; DELETE FROM "LedgerBlocks" WHERE "Sequence" = 2;
            UPDATE "LedgerHead" SET "Sequence" = 1, "Hash" = '\x{copy[0][0]}'
            """
        );
        Assert.Equal((LogOutcome.Stored, 2), await CommitAsync(Given.Rating(3)));
        await AssertOneChainAsync(blocks: 2);
    }

    /// <summary>An older copy was put back, and the ledger has grown to the same length again.</summary>
    [Fact]
    public async Task If_the_head_has_the_same_sequence_and_another_hash_the_store_continues_from_it()
    {
        await _database.ExecuteAsync(
            """
            UPDATE "LedgerHead" SET "Hash" = decode(repeat('ab', 32), 'hex'); UPDATE "LedgerBlocks" SET "Hash" = decode(repeat('ab', 32), 'hex') WHERE "Sequence" = 2
            """
        );
        Assert.Equal((LogOutcome.Stored, 3), await CommitAsync(Given.Rating(3)));
        var block = (await _database.Ledger.BlocksAfterAsync(null, Ct))[2].Row;
        var previous = Enumerable.Repeat((byte)0xab, 32).ToArray();
        Assert.Equal(LeafEncoding.BlockHash(3, previous, block.Root, block.Count, block.CommittedAt), block.Hash);
    }

    private async Task<(LogOutcome Outcome, long Block)> CommitAsync(LogRequest request, int times = 1)
    {
        LogResult result = default;
        for (var i = 0; i < times; i++)
            result = Assert.Single((await _store.CommitAsync([request], Ct)).Results);
        return (result.Outcome, result.Block.Sequence);
    }

    private async Task UntilAsync(string sql)
    {
        while ((await _database.ReadAsync(sql)).Count == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(5), Ct);
    }

    private Task HideCorrectionsAsync() => _database.ExecuteAsync("ALTER TABLE \"Corrections\" RENAME TO \"Hidden\"");

    private Task ShowCorrectionsAsync() => _database.ExecuteAsync("ALTER TABLE \"Hidden\" RENAME TO \"Corrections\"");

    private async Task AssertOneChainAsync(int blocks)
    {
        var stored = await _database.Ledger.BlocksAfterAsync(null, Ct);
        Assert.Equal(Enumerable.Range(1, blocks).Select(i => (long)i), stored.Select(b => b.Row.Sequence));
        var previous = new byte[32];
        foreach (var block in stored.Select(b => b.Row))
        {
            Assert.Equal(
                LeafEncoding.BlockHash(block.Sequence, previous, block.Root, block.Count, block.CommittedAt),
                block.Hash
            );
            previous = block.Hash;
        }
        Assert.Equal(previous, (await _database.Ledger.PinAsync(new TallySums(new TallySecret()), Ct)).Head!.Hash);
    }
}
