using System.Diagnostics;
using ServiceEval.Benchmarks.Servers;

namespace ServiceEval.Benchmarks.Figures;

/// <summary>
/// Measures the seconds from the start of the published host on an existing database until it is ready. The figure also
/// has the start of a no-op host.
/// </summary>
internal static class StartupFigure
{
    private const int Rounds = 5;

    public static async Task RunAsync(bool json)
    {
        using var program = await PublishedProgram.PublishAsync();
        await using var installation = await Installation.CreateAsync();
        var rounds = new List<(double Host, double NoOp)>();
        for (var i = 0; i <= Rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await using (await ServerProcess.HostAsync(program, installation)) { }
            var host = Stopwatch.GetElapsedTime(start).TotalSeconds;

            start = Stopwatch.GetTimestamp();
            await using (await ServerProcess.NoOpAsync()) { }
            var noOp = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Figure.Say($"startup: {host:N2} s, a no-op host {noOp:N2} s{(i == 0 ? " (warm-up)" : "")}");
            if (i > 0)
                rounds.Add((host, noOp));
        }
        Figure.Print(
            new
            {
                name = "startup",
                ratio = Figure.Round(Figure.Median(rounds.Select(r => r.Host / r.NoOp))),
                seconds = Figure.Round(Figure.Median(rounds.Select(r => r.Host))),
                noOpSeconds = Figure.Round(Figure.Median(rounds.Select(r => r.NoOp))),
            },
            json
        );
    }
}
