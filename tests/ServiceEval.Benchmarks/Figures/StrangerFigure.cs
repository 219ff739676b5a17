using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.AspNetCore.SignalR.Client;
using ServiceEval.Benchmarks.Load;
using ServiceEval.Benchmarks.Servers;

namespace ServiceEval.Benchmarks.Figures;

/// <summary>
/// Measures what strangers can do to other users: screens of another hall that do not read, against the releases of a
/// hall; hub calls, against the time of a rating; idle connections, against a server with few file descriptors.
/// </summary>
internal static class StrangerFigure
{
    private const int Deaf = 20;
    private const int Floods = 8;
    private const int Idle = 10_000;
    private const int Descriptors = 4_096;
    private const int PerSecond = 20;
    private static readonly TimeSpan Each = TimeSpan.FromSeconds(8);

    public static async Task RunAsync(bool json)
    {
        await using var installation = await Installation.CreateAsync();
        var halls = await ManyHalls.AddAsync(installation, halls: 2, windows: 300);
        var (releases, ratings) = await AtTheHubAsync(installation, halls);
        Figure.Say("idle connections");
        var idle = await IdleAsync(installation, halls[1].Window);
        Figure.Print(
            new
            {
                name = "stranger",
                ratio = ratings.Ratio,
                releases,
                ratings,
                idle,
            },
            json
        );
    }

    private static async Task<(object Releases, FloodedRatings Ratings)> AtTheHubAsync(
        Installation installation,
        IReadOnlyList<(string Hall, int Window)> halls
    )
    {
        await using var host = await ServerProcess.HostAsync(installation, ("ServiceEval__Boards__BatchSize", "1"));
        Figure.Say("releases of a hall, without and with deaf screens of another");
        var quiet = await ReleasesAsync(host, installation, halls);
        var deaf = Enumerable.Range(0, Deaf).Select(_ => new DeafScreen(host.Address, halls[0].Hall)).ToList();
        var held = await ReleasesAsync(host, installation, halls);
        foreach (var screen in deaf)
            await screen.DisposeAsync();
        Figure.Say($"{quiet} {held}");

        Figure.Say("ratings, without and with floods at the hub");
        var calm = await RatingsAsync(host, installation, halls[1].Window);
        using var end = new CancellationTokenSource();
        var floods = Enumerable
            .Range(0, Floods)
            .Select(_ => FloodAsync(host.Address, halls[0].Hall, end.Token))
            .ToList();
        var flooded = await RatingsAsync(host, installation, halls[1].Window);
        await end.CancelAsync();
        Figure.Say($"{calm} {flooded}");
        return (
            new { quiet, held },
            new(calm, flooded, (await Task.WhenAll(floods)).Sum(), Figure.Round(flooded.P95 / calm.P95))
        );
    }

    /// <summary>
    /// Measures the time from the sending of a rating to the screen of its hall while the board of the other hall also
    /// changes.
    /// </summary>
    private static async Task<object> ReleasesAsync(
        ServerProcess host,
        Installation installation,
        IReadOnlyList<(string Hall, int Window)> halls
    )
    {
        await using var screen = await WatchingScreen.WatchAsync(host.Address, halls[1].Hall);
        using var client = new HttpClient { BaseAddress = host.Address };
        var before = screen.Count;
        var latencies = new List<double>();
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < Each)
        {
            await RateAsync(client, installation, halls[0].Window);
            var sent = Stopwatch.GetTimestamp();
            await RateAsync(client, installation, halls[1].Window);
            latencies.Add(Stopwatch.GetElapsedTime(sent, await screen.HeardAsync(++before)).TotalMilliseconds);
        }
        latencies.Sort();
        return new
        {
            releases = latencies.Count,
            p50 = Figure.Round(ClosedLoop.At(latencies, 0.50)),
            p99 = Figure.Round(ClosedLoop.At(latencies, 0.99)),
            max = Figure.Round(latencies[^1]),
        };
    }

    private static async Task<Rated> RatingsAsync(ServerProcess host, Installation installation, int window)
    {
        using var client = new HttpClient { BaseAddress = host.Address };
        var latencies = new List<double>();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; Stopwatch.GetElapsedTime(start) < Each; i++)
        {
            var wait = TimeSpan.FromSeconds((double)i / PerSecond) - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait);
            var sent = Stopwatch.GetTimestamp();
            await RateAsync(client, installation, window);
            latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }
        latencies.Sort();
        return new(
            latencies.Count,
            Figure.Round(ClosedLoop.At(latencies, 0.50)),
            Figure.Round(ClosedLoop.At(latencies, 0.95))
        );
    }

    private static async Task RateAsync(HttpClient client, Installation installation, int window)
    {
        var ticket = Requests.Tickets(1, [window], installation.Issuer)[0];
        using var body = new StringContent(
            $$"""{"ticket":"{{ticket}}","grade":"satisfied"}""",
            MediaTypeHeaderValue.Parse("application/json")
        );
        using var response = await client.PostAsync("/api/v1/ratings", body);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>
    /// Sends calls without a pause, 30 of them at a time, and connects again if the server closes the connection.
    /// </summary>
    private static async Task<int> FloodAsync(Uri server, string hall, CancellationToken end)
    {
        var calls = 0;
        while (!end.IsCancellationRequested)
        {
            try
            {
                await using var connection = new HubConnectionBuilder().WithUrl(new Uri(server, "/hubs/board")).Build();
                await connection.StartAsync(end);
                await Task.WhenAll(
                    Enumerable
                        .Range(0, 30)
                        .Select(async _ =>
                        {
                            while (!end.IsCancellationRequested)
                            {
                                await connection.InvokeAsync<System.Text.Json.JsonElement>("Watch", hall, end);
                                Interlocked.Increment(ref calls);
                            }
                        })
                );
            }
            catch (Exception) when (!end.IsCancellationRequested)
            {
                // The server closed the connection. Connect again.
            }
            catch (Exception) when (end.IsCancellationRequested)
            {
                // The flood has ended.
            }
        }
        return calls;
    }

    private static async Task<object> IdleAsync(Installation installation, int window)
    {
        await using var host = await ServerProcess.HostWithDescriptorsAsync(installation, Descriptors);
        using var client = new HttpClient { BaseAddress = host.Address };
        var idle = new List<Socket>(Idle);
        try
        {
            var refused = 0;
            for (var i = 0; i < Idle; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                try
                {
                    await socket.ConnectAsync(IPAddress.Loopback, host.Address.Port);
                }
                catch (SocketException)
                {
                    refused++;
                }
            }
            var rated = 0;
            for (var i = 0; i < 100; i++)
            {
                // Each citizen uses a new connection.
                using var citizen = new HttpClient { BaseAddress = host.Address };
                await RateAsync(citizen, installation, window);
                rated++;
            }
            return new
            {
                opened = Idle,
                refused,
                closed = idle.Count(IsClosed),
                descriptors = Descriptors,
                isAlive = !host.HasExited,
                rated,
            };
        }
        finally
        {
            foreach (var socket in idle)
                socket.Dispose();
        }
    }

    /// <summary>The times are in milliseconds.</summary>
    private sealed record Rated(int Answers, double P50, double P95);

    /// <param name="Calls">The number of calls that the hub answered in the same time.</param>
    private sealed record FloodedRatings(Rated Calm, Rated Flooded, int Calls, double Ratio);

    private static bool IsClosed(Socket socket) =>
        !socket.Connected || (socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0);
}
