using CsCheck;
using ServiceEval.Data.Ratings;
using ServiceEval.Data.Sqlite;
using ServiceEval.Data.Tests.Tallies;

namespace ServiceEval.Data.Tests.Ratings;

public sealed class RandomRatingsTests
{
    // Each is a file with a few dozen synced commits.
    private const int Samples = 60;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task The_tallies_are_a_recount_of_the_rows() => RatingStep.Sequences.SampleAsync(async steps =>
    {
        using var file = await SqliteFile.CreateAsync();
        await CommitAsync(file, steps);

        var recount = Recount.Of(file);
        Assert.Equal(recount.Hours, StoredTallies.Hours(file));
        Assert.Equal(recount.Items, StoredTallies.Items(file));
        Assert.Equal(recount.Windows, StoredTallies.Windows(file));
        Assert.Equal(recount.Tags, StoredTallies.Tags(file));
    }, iter: Samples);

    [Fact]
    public Task Every_answer_is_what_the_rules_say_also_when_all_of_it_is_sent_again() => RatingStep.Sequences.SampleAsync(async steps =>
    {
        using var file = await SqliteFile.CreateAsync();
        var model = new RatingsModel();
        // Whoever got no answer sends all of it again.
        for (var time = 1; time <= 2; time++)
        {
            var expected = Expected(model, steps);
            Assert.Equal(expected, (await CommitAsync(file, steps)).Select(r => (r.Outcome, r.Grade)));
            Assert.Equal(model.Entries, file.Read("SELECT COALESCE(SUM(Count), 0) FROM LedgerBlocks", row => row.GetInt32(0))[0]);
        }
    }, iter: Samples);

    /// <summary>The outcome of each step and the grade in force when its batch was decided.</summary>
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

    private static async Task<List<LogResult>> CommitAsync(SqliteFile file, RatingStep[] steps)
    {
        await using var writer = new SqliteWriter(file.ConnectionString, TimeProvider.System);
        var results = new List<LogResult>();
        foreach (var batch in Batches(steps)) results.AddRange((await writer.CommitAsync([.. batch.Select(s => s.ToRequest())], Ct)).Results);
        return results;
    }

    private static IEnumerable<List<RatingStep>> Batches(RatingStep[] steps)
    {
        var batch = new List<RatingStep>();
        foreach (var step in steps)
        {
            batch.Add(step);
            if (!step.EndsBatch) continue;
            yield return batch;
            batch = [];
        }
        if (batch.Count > 0) yield return batch;
    }
}
