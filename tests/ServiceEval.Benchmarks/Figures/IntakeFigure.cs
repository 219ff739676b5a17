using ServiceEval.Benchmarks.Load;
using ServiceEval.Benchmarks.Servers;
using ServiceEval.TestDatabases;

namespace ServiceEval.Benchmarks.Figures;

/// <summary>Measures durably acknowledged ratings a second ÷ no-op posts a second.</summary>
internal static class IntakeFigure
{
    // This is more than a run can use. Unused tickets cost only the time to make them.
    private const int TicketsASecond = 40_000;

    public static async Task RunAsync(DatabaseKind kind, int nodes, bool json)
    {
        await using var installation = await Installation.CreateAsync(kind: kind);
        await using var redis = nodes > 1 ? await RedisServer.StartAsync() : null;
        var hosts = new List<ServerProcess>();
        try
        {
            for (var i = 0; i < nodes; i++)
                hosts.Add(
                    await ServerProcess.HostAsync(
                        installation,
                        redis is null ? [] : [("ServiceEval__Redis", redis.ConnectionString)]
                    )
                );
            await RunAsync(installation, kind, hosts, json);
        }
        finally
        {
            foreach (var host in hosts)
                await host.DisposeAsync();
        }
    }

    private static async Task RunAsync(
        Installation installation,
        DatabaseKind kind,
        IReadOnlyList<ServerProcess> hosts,
        bool json
    )
    {
        await using var noOp = await ServerProcess.NoOpAsync();
        var windows = (await installation.WindowsAsync()).Select(w => w.Id).ToList();
        var empty = await installation.BytesAsync();

        var acknowledged = 0L;
        LoadResult Rate(int connections, TimeSpan duration)
        {
            var requests = Requests.Ratings(
                (int)(TicketsASecond * duration.TotalSeconds),
                windows,
                installation.Issuer
            );
            var result = ClosedLoop.Run(
                [.. hosts.Select(h => h.Address)],
                connections,
                duration,
                201,
                Requests.Once(requests)
            );
            acknowledged += result.Answers;
            return result;
        }

        var narrow = AgainstNoOp.Run("intake", hosts, noOp, 64, duration => Rate(64, duration));
        var wide = AgainstNoOp.Run("intake", hosts, noOp, 256, duration => Rate(256, duration));

        var stored = await installation.NumberAsync("""SELECT COUNT(*) FROM "Ratings" """);
        if (stored != acknowledged)
            throw new InvalidOperationException($"{acknowledged} ratings were acknowledged, {stored} are stored.");
        var bytes = Math.Round((await installation.BytesAsync() - empty) / (double)stored, 1);
        Figure.Print(
            new
            {
                name = "intake",
                database = $"{kind}".ToLowerInvariant(),
                nodes = hosts.Count,
                ratio = narrow.Ratio,
                ratio256 = wide.Ratio,
                narrow,
                wide,
                acknowledged,
                stored,
                bytesARating = bytes,
            },
            json
        );
    }
}
