using CsCheck;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Tests.Tallies;
using ServiceEval.TestDatabases;

namespace ServiceEval.Core.Tests.Ratings;

public sealed class RandomRatingsTests(Databases databases)
{
    // Each sample is a database with a few dozen commits.
    private const int Samples = 60;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, EveryDatabase]
    public Task The_tallies_are_a_recount_of_the_rows(DatabaseKind kind) =>
        RatingStep.Sequences.SampleAsync(
            async steps =>
            {
                await using var database = await databases.CreateAsync(kind);
                await CommitAsync(database, steps);

                var recount = await Recount.OfAsync(database);
                Assert.Equal(recount.Hours, await StoredTallies.HoursAsync(database));
                Assert.Equal(recount.Items, await StoredTallies.ItemsAsync(database));
                Assert.Equal(recount.Windows, await StoredTallies.WindowsAsync(database));
                Assert.Equal(recount.Tags, await StoredTallies.TagsAsync(database));
            },
            iter: Samples
        );

    [Theory, EveryDatabase]
    public Task Every_answer_follows_the_rules_also_if_all_requests_are_sent_again(DatabaseKind kind) =>
        RatingStep.Sequences.SampleAsync(
            async steps =>
            {
                await using var database = await databases.CreateAsync(kind);
                var model = new RatingsModel();
                // A client that got no answer sends all requests again.
                for (var time = 1; time <= 2; time++)
                {
                    var expected = Expected(model, steps);
                    Assert.Equal(expected, (await CommitAsync(database, steps)).Select(r => (r.Outcome, r.Grade)));
                    var keys = await database.CountAsync("LedgerKeys");
                    Assert.Equal(
                        $"{model.Entries + keys}",
                        (await database.ReadAsync("SELECT COALESCE(SUM(\"Count\"), 0) FROM \"LedgerBlocks\""))[0][0]
                    );
                }
            },
            iter: Samples
        );

    /// <summary>Returns the outcome of each step and the grade in force when its batch was decided.</summary>
    private static List<(LogOutcome Outcome, Grade Grade)> Expected(RatingsModel model, RatingStep[] steps)
    {
        var expected = new List<(LogOutcome, Grade)>();
        foreach (var batch in Batches(steps))
        {
            var outcomes = batch.Select(model.Take).ToList();
            expected.AddRange(batch.Zip(outcomes, (step, outcome) => (outcome, model.GradeOf(step.RatingId))));
        }
        return expected;
    }

    private static async Task<List<LogResult>> CommitAsync(TestDatabase database, RatingStep[] steps)
    {
        var store = database.NewStore();
        await using var owned = (IAsyncDisposable)store;
        var results = new List<LogResult>();
        foreach (var batch in Batches(steps))
            results.AddRange((await store.CommitAsync([.. batch.Select(s => s.ToRequest())], Ct)).Results);
        return results;
    }

    private static IEnumerable<List<RatingStep>> Batches(RatingStep[] steps)
    {
        var batch = new List<RatingStep>();
        foreach (var step in steps)
        {
            batch.Add(step);
            if (!step.EndsBatch)
                continue;
            yield return batch;
            batch = [];
        }
        if (batch.Count > 0)
            yield return batch;
    }
}
