using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Ratings;

/// <summary>Ratings that were acknowledged before the service or its database server was killed.</summary>
public sealed class CrashRunTests
{
    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public async Task Killed_under_load_it_loses_and_doubles_nothing_that_it_acknowledged(string database)
    {
        // In the second round the database server is killed too.
        var figure = await BenchmarkRun.OfAsync("crash", "--rounds", "2", "--database", database);

        var rounds = figure.GetProperty("rounds").EnumerateArray().ToList();
        Assert.Equal(2, rounds.Count);
        Assert.All(
            rounds,
            round =>
            {
                Assert.NotEqual(0, round.GetProperty("acknowledged").GetInt32());
                Assert.Equal((0, 0), (round.GetProperty("lost").GetInt32(), round.GetProperty("doubled").GetInt32()));
            }
        );
    }
}
