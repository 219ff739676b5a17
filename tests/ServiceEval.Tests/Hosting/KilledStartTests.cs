namespace ServiceEval.Tests.Hosting;

/// <summary>A kill or a power cut ends a start at a random moment.</summary>
public sealed class KilledStartTests
{
    [Fact]
    public async Task The_start_after_a_killed_start_becomes_ready()
    {
        var figure = await BenchmarkRun.OfAsync("startup", "--kills", "4");

        Assert.Equal(4, figure.GetProperty("kills").GetInt32());
        Assert.Equal((0, 0), (figure.GetProperty("hung").GetInt32(), figure.GetProperty("failed").GetInt32()));
    }
}
