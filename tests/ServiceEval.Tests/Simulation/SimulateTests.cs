using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Simulation;

public sealed class SimulateTests
{
    [Fact]
    public async Task It_says_how_far_it_is_and_stopping_it_is_no_failure()
    {
        await using var host = await TestHost.StartAsync();
        await using var simulate = ProgramRun.Start(
            host.DataDirectory,
            "simulate --rate 20",
            ("ServiceEval__DataDirectory", host.DataDirectory),
            ("ASPNETCORE_URLS", host.Address.ToString())
        );

        await simulate.UntilAsync(() =>
            simulate.Errors.Contains("已保存", StringComparison.Ordinal) || simulate.HasExited
        );
        simulate.Signal("INT");

        Assert.Equal(0, await simulate.ExitAsync());
        Assert.True(await host.CountAsync("Ratings") > 0, simulate.Errors);
    }
}
