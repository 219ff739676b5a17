using System.Diagnostics;
using System.Net.Http.Headers;
using Microsoft.Data.Sqlite;
using ServiceEval.Benchmarks.Load;
using ServiceEval.Benchmarks.Servers;
using ServiceEval.Core.Statistics;

namespace ServiceEval.Benchmarks.Figures;

/// <summary>
/// Measures a city on one installation: the time from a rating to the screen of its hall if every hall has a screen,
/// the cost of a poll, the effect of a renamed window, and the time to compute the bands of 12,000 windows.
/// </summary>
internal static class HallsFigure
{
    private const int Halls = 300;
    private const int Windows = 20;
    private const int BandedWindows = 12_000;
    private const int Polls = 500;

    public static async Task RunAsync(bool json)
    {
        await using var installation = await Installation.CreateAsync();
        var halls = await ManyHalls.AddAsync(installation, Halls, Windows);
        await FillMorningAsync(installation);
        await using var host = await ServerProcess.HostAsync(
            installation,
            ("ServiceEval__Boards__BatchSize", "1"),
            ("ServiceEval__FloodFuse", "0")
        );

        var screens = new List<WatchingScreen>();
        foreach (var (hall, _) in halls)
            screens.Add(await WatchingScreen.WatchAsync(host.Address, hall));
        Figure.Say("one rating in every hall at once");
        var latencies = await AllRateAsync(host, installation, halls, screens);
        Figure.Say("polls");
        var poll = await PollAsync(host, halls[0].Hall);
        Figure.Say("a renamed window");
        var renamed = await RenameAsync(host, installation);
        foreach (var screen in screens)
            await screen.DisposeAsync();

        Figure.Print(
            new
            {
                name = "halls",
                halls = Halls,
                windows = Halls * Windows,
                release = new
                {
                    p50 = Figure.Round(ClosedLoop.At(latencies, 0.5)),
                    p99 = Figure.Round(ClosedLoop.At(latencies, 0.99)),
                    max = Figure.Round(latencies[^1]),
                },
                pollMilliseconds = Figure.Round(poll),
                releasesOfARename = renamed,
                bands = new { windows = BandedWindows, seconds = Figure.Round(Bands()) },
            },
            json
        );
    }

    /// <summary>
    /// Inserts the tallies that every window has at ten o'clock, with two channels an hour. No ledger is written,
    /// because boards read only the tallies.
    /// </summary>
    private static async Task FillMorningAsync(Installation installation)
    {
        await using var connection = new SqliteConnection($"Data Source={installation.DatabasePath};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        var today = TimeZoneInfo
            .ConvertTime(TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"))
            .DateTime;
        command.CommandText = """
            WITH hours(h) AS (SELECT 7 UNION SELECT 8 UNION SELECT 9 UNION SELECT 10), channels(c) AS (SELECT 2 UNION SELECT 3)
            INSERT OR IGNORE INTO TalliesByHour (LocalDate, LocalHour, WindowId, DepartmentId, Tier, Channel, Standing, VerySatisfied, Satisfied, BasicallySatisfied, Dissatisfied, VeryDissatisfied)
            SELECT $today, h, w.Id, 0, 3, c, 1, 2, 1, 0, 0, 0 FROM Windows w, hours, channels
            """;
        command.Parameters.AddWithValue("$today", today.Year * 10_000 + today.Month * 100 + today.Day);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<double>> AllRateAsync(
        ServerProcess host,
        Installation installation,
        IReadOnlyList<(string Hall, int Window)> halls,
        IReadOnlyList<WatchingScreen> screens
    )
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 })
        {
            BaseAddress = host.Address,
        };
        var latencies = await Task.WhenAll(
            halls.Zip(
                screens,
                async (hall, screen) =>
                {
                    var ticket = Requests.Tickets(1, [hall.Window], installation.Issuer)[0];
                    using var body = new StringContent(
                        $$"""{"ticket":"{{ticket}}","grade":"satisfied"}""",
                        MediaTypeHeaderValue.Parse("application/json")
                    );
                    using var response = await client.PostAsync("/api/v1/ratings", body);
                    response.EnsureSuccessStatusCode();
                    var stored = Stopwatch.GetTimestamp();
                    return Math.Max(
                        0,
                        (await screen.HeardAsync(screen.Count + 1) - stored) * 1000.0 / Stopwatch.Frequency
                    );
                }
            )
        );
        return [.. latencies.Order()];
    }

    /// <summary>Returns the processor time of the server for a poll that finds nothing new.</summary>
    private static async Task<double> PollAsync(ServerProcess host, string hall)
    {
        using var client = new HttpClient { BaseAddress = host.Address };
        using var first = await client.GetAsync($"/api/v1/halls/{hall}/board");
        client.DefaultRequestHeaders.IfNoneMatch.Add(first.Headers.ETag!);
        for (var i = 0; i < Polls; i++)
            (await client.GetAsync($"/api/v1/halls/{hall}/board")).Dispose();
        var before = host.ProcessorTime;
        for (var i = 0; i < Polls; i++)
            (await client.GetAsync($"/api/v1/halls/{hall}/board")).Dispose();
        return (host.ProcessorTime - before).TotalMilliseconds / Polls;
    }

    private static async Task<long> RenameAsync(ServerProcess host, Installation installation)
    {
        const string Versions = "SELECT SUM(Version) FROM BoardReleases";
        var before = await installation.NumberAsync(Versions);
        await using (var connection = new SqliteConnection($"Data Source={installation.DatabasePath};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = """
                UPDATE Windows SET Name = '社会保险' WHERE Id = (SELECT MIN(w.Id) FROM Windows w JOIN Halls h ON h.Id = w.HallId WHERE h.Code = 'bench-0001');
                UPDATE Installation SET DirectoryVersion = DirectoryVersion + 1
                """;
            await command.ExecuteNonQueryAsync();
        }
        // The host looks for a changed directory every three seconds. The rest of the time is for the releases that the
        // change causes.
        await Task.Delay(TimeSpan.FromSeconds(12));
        return await installation.NumberAsync(Versions) - before;
    }

    private static double Bands()
    {
        var draws = new Random(20261130);
        var windows = Enumerable
            .Range(0, BandedWindows)
            .Select(i =>
            {
                var (n, rate) = (30 + draws.Next(200), 0.99 - 0.25 * Math.Pow(draws.NextDouble(), 2));
                return (i, new Proportion(Enumerable.Range(0, n).Count(_ => draws.NextDouble() < rate), n));
            })
            .ToList();
        var start = Stopwatch.GetTimestamp();
        Core.Statistics.Bands.Of(windows);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
