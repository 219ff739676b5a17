using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Tallies;
using ServiceEval.TestDatabases;

namespace ServiceEval.Core.Tests.Ratings;

public sealed class CommitTests(Databases databases)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public async Task A_stored_rating_is_read_back_unchanged_with_detail_and_correction(DatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        var detail = Given.Detail(1, Grade.Dissatisfied, item: 5, ["207", "209"], "等了两小时\t𠮷\n");
        var given = Given.Rating(1, Grade.Dissatisfied, detail);
        await Given.CommitAsync(database, given);
        await Given.CommitAsync(database, new GiveCorrection(Given.Id(1), Grade.Satisfied, Given.Start.AddSeconds(2)));

        var rating = Assert.Single((await database.Ledger.PageAsync(EntryKind.Rating, null, Ct)).Rows);
        var stored = Assert.Single((await database.Ledger.PageAsync(EntryKind.Detail, null, Ct)).Rows);
        var correction = Assert.Single((await database.Ledger.PageAsync(EntryKind.Correction, null, Ct)).Rows);
        Assert.True(rating.Legible && stored.Legible && correction.Legible);
        Assert.Equivalent(given.Rating, rating.Row, strict: true);
        Assert.Equivalent(detail, stored.Row, strict: true);
        Assert.Equal(LeafEncoding.Of(correction.Row), correction.Row.Leaf);
        await using var db = database.NewContext();
        Assert.Equivalent(given.Rating, Assert.Single(db.Ratings), strict: true);
    }

    [Theory, EveryDatabase]
    public async Task The_same_request_twice_in_one_batch_is_stored_once(DatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        var first = await Given.CommitAsync(
            database,
            Given.Rating(1),
            Given.Rating(1, Grade.Dissatisfied),
            Given.Rating(2)
        );
        var again = await Given.CommitAsync(database, Given.Rating(2), Given.Rating(1));

        Assert.Equal([LogOutcome.Stored, LogOutcome.Replay, LogOutcome.Stored], first.Results.Select(r => r.Outcome));
        Assert.Equal([LogOutcome.Replay, LogOutcome.Replay], again.Results.Select(r => r.Outcome));
        Assert.Null(again.Head);
        Assert.Equal(first.Head!.Value.Hash, again.Results[0].Block.Hash);
        Assert.All(again.Results, r => Assert.Equal((1L, Grade.Satisfied), (r.Block.Sequence, r.Grade)));
        Assert.Equal(2, await database.CountAsync("Ratings"));
    }

    [Theory, EveryDatabase]
    public async Task A_repeated_import_is_accepted_and_different_values_in_it_change_nothing(DatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        await Given.CommitAsync(
            database,
            Given.Import(1, Grade.Satisfied),
            Given.Import(2, Grade.Satisfied, Given.Detail(2, Grade.Satisfied, comment: "好"))
        );
        var again = await Given.CommitAsync(
            database,
            Given.Import(1, Grade.Satisfied),
            Given.Import(1, Grade.Dissatisfied),
            Given.Import(2, Grade.Satisfied, Given.Detail(2, Grade.Satisfied, comment: "坏")),
            Given.Import(3, Grade.Satisfied)
        );

        Assert.Equal(
            [LogOutcome.Replay, LogOutcome.Changed, LogOutcome.Changed, LogOutcome.Stored],
            again.Results.Select(r => r.Outcome)
        );
        Assert.Equal(
            [
                ["2"],
                ["2"],
                ["2"],
            ],
            await database.ReadAsync("SELECT \"Grade\" FROM \"Ratings\"")
        );
    }

    [Theory, EveryDatabase]
    public async Task A_devices_mark_stands_beside_its_rating_and_a_replay_adds_none(DatabaseKind kind)
    {
        await using var database = await databases.CreateAsync(kind);
        await Given.CommitAsync(database, Given.Rating(1, device: -42), Given.Rating(2));
        await Given.CommitAsync(database, Given.Rating(1, device: 7));
        Assert.Equal(
            [
                ["20261118", "1", "-42", Given.Id(1).ToString("N")],
            ],
            await database.ReadAsync(
                "SELECT \"LocalDate\", \"WindowId\", \"Device\", \"RatingId\" FROM \"DeviceMarks\""
            )
        );
    }

    [Theory, EveryDatabase]
    public async Task Every_block_is_chained_to_the_one_before_also_when_two_write_at_once(DatabaseKind kind)
    {
        const int Commits = 40;
        await using var database = await databases.CreateAsync(kind);
        await Task.WhenAll(
            Enumerable.Range(0, 2).Select(writer => Task.Run(() => WriteAsync(database, writer * Commits, Commits), Ct))
        );

        Assert.Equal(2 * Commits, await database.CountAsync("Ratings"));
        var blocks = await database.Ledger.BlocksAfterAsync(null, Ct);
        var leaves = (await database.Ledger.PageAsync(EntryKind.Rating, null, Ct)).Rows.ToLookup(
            r => r.Row.Block,
            r => r.Row
        );
        Assert.Equal(Enumerable.Range(1, 2 * Commits).Select(i => (long)i), blocks.Select(b => b.Row.Sequence));
        var keys = (await database.Ledger.WholeTableAsync(EntryKind.Key, Ct)).Rows.ToLookup(
            k => k.Row.Block,
            k => k.Row.Leaf
        );
        var previous = new byte[32];
        foreach (var block in blocks.Select(b => b.Row))
        {
            Assert.Equal(
                LedgerBlock
                    .Seal(
                        new LedgerHead { Sequence = block.Sequence - 1, Hash = previous },
                        [.. leaves[block.Sequence].Select(r => r.Leaf), .. keys[block.Sequence]],
                        block.CommittedAt
                    )
                    .Hash,
                block.Hash
            );
            previous = block.Hash;
        }
        Assert.Equal(previous, (await database.Ledger.PinAsync(new TallySums(new TallySecret()), Ct)).Head!.Hash);
        Assert.Equal(
            [
                [$"{2 * Commits}"],
            ],
            await database.ReadAsync("SELECT \"Satisfied\" FROM \"TalliesByWindow\"")
        );
    }

    [Theory, EveryDatabase]
    public async Task A_head_that_somebody_else_has_locked_refuses_the_commit_and_works_again_afterwards(
        DatabaseKind kind
    )
    {
        await using var database = await databases.CreateAsync(kind);
        var store = database.NewStore();
        await using var owned = (IAsyncDisposable)store;
        await store.CommitAsync([Given.Rating(1)], Ct);
        await using (var other = database.Connect())
        {
            await other.OpenAsync(Ct);
            await using var transaction = await other.BeginTransactionAsync(Ct);
            await using var command = other.CreateCommand();
            (command.Transaction, command.CommandText) = (
                transaction,
                "UPDATE \"LedgerHead\" SET \"Sequence\" = \"Sequence\""
            );
            await command.ExecuteNonQueryAsync(Ct);

            // The time-out is generous. The test asserts only that the commit ends.
            var refusal = await Assert
                .ThrowsAsync<NotStoredException>(() => store.CommitAsync([Given.Rating(2)], Ct))
                .WaitAsync(TimeSpan.FromSeconds(30), Ct);
            Assert.True(refusal.IsLocked);
        }

        Assert.Equal(
            LogOutcome.Stored,
            Assert.Single((await store.CommitAsync([Given.Rating(2)], Ct)).Results).Outcome
        );
        Assert.Equal(2, await database.CountAsync("Ratings"));
    }

    private static async Task WriteAsync(TestDatabase database, int first, int commits)
    {
        var store = database.NewStore();
        await using var owned = (IAsyncDisposable)store;
        for (var i = 0; i < commits; i++)
            await store.CommitAsync([Given.Rating(first + i)], Ct);
    }
}
