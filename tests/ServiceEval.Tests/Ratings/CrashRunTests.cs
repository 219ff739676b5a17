using System.Text.Json;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Ratings;

/// <summary>A short one of the runs by which losses are looked for; the long ones are made by hand.</summary>
public sealed class CrashRunTests
{
    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgresql")]
    public async Task Killed_under_load_it_loses_and_doubles_nothing_that_it_acknowledged(string database)
    {
        // Of the second round's kills the database server's is one.
        var program = Path.Combine(AppContext.BaseDirectory.Replace("ServiceEval.Tests", "ServiceEval.Benchmarks", StringComparison.Ordinal), "ServiceEval.Benchmarks.dll");
        await using var run = ProgramRun.StartFile(AppContext.BaseDirectory, "dotnet", [program, "crash", "--rounds", "2", "--database", database, "--json"]);
        Assert.True(await run.ExitAsync(TimeSpan.FromMinutes(4)) == 0, run.Errors);

        var rounds = JsonDocument.Parse(run.Output).RootElement.GetProperty("rounds").EnumerateArray().ToList();
        Assert.Equal(2, rounds.Count);
        Assert.All(rounds, round =>
        {
            Assert.NotEqual(0, round.GetProperty("acknowledged").GetInt32());
            Assert.Equal((0, 0), (round.GetProperty("lost").GetInt32(), round.GetProperty("doubled").GetInt32()));
        });
    }
}
