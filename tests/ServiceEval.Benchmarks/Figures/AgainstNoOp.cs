using ServiceEval.Benchmarks.Load;
using ServiceEval.Benchmarks.Servers;

namespace ServiceEval.Benchmarks.Figures;

/// <summary>
/// Measures a part of the host against the no-op in alternating rounds, so that a change in the machine's speed affects
/// both.
/// </summary>
internal static class AgainstNoOp
{
    private const int Rounds = 5;

    // The JIT compiler optimizes the hot path fully only after a number of requests. On a busy machine a fixed time
    // would be too short.
    private const int WarmUp = 150_000;
    private static readonly TimeSpan Counted = TimeSpan.FromSeconds(4);

    /// <param name="run">Runs the measured load against the host once.</param>
    public static Comparison Run(
        string what,
        IReadOnlyList<ServerProcess> servers,
        ServerProcess noOp,
        int connections,
        Func<TimeSpan, LoadResult> run
    )
    {
        var post = Requests.Post("/noop", $$"""{"ticket":"{{new string('0', 64)}}","grade":"satisfied"}""");
        LoadResult RunNoOp(TimeSpan duration) => ClosedLoop.Run([noOp.Address], connections, duration, 201, () => post);

        for (var answers = 0; answers < WarmUp; )
            answers += RunNoOp(Counted).Answers;
        for (var answers = 0; answers < WarmUp; )
            answers += run(Counted).Answers;
        TimeSpan ServersTime() => servers.Aggregate(TimeSpan.Zero, (sum, server) => sum + server.ProcessorTime);
        var rounds = new List<(LoadResult Host, LoadResult NoOp)>();
        var (hostTime, noOpTime) = (ServersTime(), noOp.ProcessorTime);
        for (var i = 0; i < Rounds; i++)
        {
            var ceiling = RunNoOp(Counted);
            var host = run(Counted);
            if (host.Others > 0)
                throw new InvalidOperationException($"{host.Others} answers of another status.");
            rounds.Add((host, ceiling));
            Figure.Say(
                $"{what}, {connections} connections: {host.PerSecond:N0}/s (p99 {host.P99:N1} ms), no-op {ceiling.PerSecond:N0}/s, ratio {host.PerSecond / ceiling.PerSecond:N3}"
            );
        }
        (hostTime, noOpTime) = (ServersTime() - hostTime, noOp.ProcessorTime - noOpTime);
        return new Comparison(
            connections,
            Figure.Round(Figure.Median(rounds.Select(r => r.Host.PerSecond / r.NoOp.PerSecond))),
            Math.Round(Figure.Median(rounds.Select(r => r.Host.PerSecond))),
            Math.Round(Figure.Median(rounds.Select(r => r.NoOp.PerSecond))),
            Figure.Round(Figure.Median(rounds.Select(r => r.Host.P99))),
            Figure.Round(hostTime.TotalMicroseconds / rounds.Sum(r => r.Host.Answers)),
            Figure.Round(noOpTime.TotalMicroseconds / rounds.Sum(r => r.NoOp.Answers))
        );
    }
}

/// <param name="P99">Milliseconds.</param>
/// <param name="Processor">Processor time of the servers for each answer, in microseconds. Noise on the machine changes
/// this figure less than the others.</param>
internal sealed record Comparison(
    int Connections,
    double Ratio,
    double PerSecond,
    double NoOpPerSecond,
    double P99,
    double Processor,
    double NoOpProcessor
);
