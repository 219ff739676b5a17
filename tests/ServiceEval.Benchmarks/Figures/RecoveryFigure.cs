using System.Diagnostics;
using ServiceEval.Benchmarks.Servers;
using ServiceEval.TestDatabases;

namespace ServiceEval.Benchmarks.Figures;

/// <summary>
/// Measures the seconds from the kill of a node until the hub of this node, or of the other node, has sent the board to
/// the hall's screen again. The screen is the real page in a real browser. A forwarder before the nodes goes on to the
/// next node as a reverse proxy does.
/// </summary>
internal static class RecoveryFigure
{
    private const int Rounds = 7;

    // After this time the screen has done all delayed work. The figure is about a screen at rest.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public static async Task RunAsync(bool json)
    {
        using var program = await PublishedProgram.PublishAsync();
        await using var installation = await Installation.CreateAsync(kind: DatabaseKind.PostgreSql);
        await using var redis = await RedisServer.StartAsync();
        var hall = await installation.ReadAsync(
            """SELECT "Code" FROM "Halls" ORDER BY "Id" LIMIT 1""",
            row => row.Read() ? row.GetString(0) : ""
        );
        await using var a = await ServerProcess.HostAsync(
            program,
            installation,
            ("ServiceEval__Redis", redis.ConnectionString)
        );
        var restarted = await MeasureAsync("restarted", hall, [a]);
        await using var b = await ServerProcess.HostAsync(
            program,
            installation,
            ("ServiceEval__Redis", redis.ConnectionString)
        );
        var other = await MeasureAsync("to the other node", hall, [a, b]);
        Figure.Print(
            new
            {
                name = "recovery",
                toTheOtherNode = Summary(other),
                restarted = Summary(restarted),
            },
            json
        );
    }

    private static async Task<IReadOnlyList<double>> MeasureAsync(
        string what,
        string hall,
        IReadOnlyList<ServerProcess> nodes
    )
    {
        await using var forwarder = new Forwarder([.. nodes.Select(n => n.Address)]);
        var told = forwarder.NextTold();
        await using var screen = new ScreenProcess(new Uri(forwarder.Address, $"/display/{hall}"));
        await told.WaitAsync(Longest);
        var seconds = new List<double>();
        for (var i = 0; i < Rounds; i++)
        {
            await Task.Delay(Rest);
            told = forwarder.NextTold();
            var start = Stopwatch.GetTimestamp();
            // The screen is connected to the first node that was running when the screen last had to choose.
            var node = nodes[i % nodes.Count];
            await node.KillAsync();
            var again = nodes.Count == 1 ? node.StartAgainAsync() : Task.CompletedTask;
            await told.WaitAsync(Longest);
            seconds.Add(Figure.Round(Stopwatch.GetElapsedTime(start).TotalSeconds));
            Figure.Say($"recovery, {what}: {seconds[^1]:N2} s");
            await again;
            if (nodes.Count > 1)
                await node.StartAgainAsync();
        }
        return seconds;
    }

    private static object Summary(IReadOnlyList<double> seconds) =>
        new
        {
            median = Figure.Median(seconds),
            max = seconds.Max(),
            seconds,
        };
}
