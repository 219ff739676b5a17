using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using ServiceEval.Benchmarks.Load;
using ServiceEval.Benchmarks.Servers;

namespace ServiceEval.Benchmarks.Figures;

/// <summary>
/// Measures the time from the sending of a rating, which is a little before its commit, to the release that contains
/// the rating at a screen. Every vote is released (k = 1). The load is 200 ratings a second with 50 screens.
/// </summary>
internal static class BoardFigure
{
    private const int Screens = 50;
    private const int PerSecond = 200;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Counted = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(bool json)
    {
        await using var installation = await Installation.CreateAsync();
        await using var host = await ServerProcess.HostAsync(installation, ("ServiceEval__Boards__BatchSize", "1"));
        var windows = (await installation.WindowsAsync()).Select(w => w.Id).ToList();
        var hall = await installation.ReadAsync(
            "SELECT Code FROM Halls ORDER BY Id LIMIT 1",
            row => row.Read() ? row.GetString(0) : ""
        );
        var tickets = Requests.Tickets(
            (int)(PerSecond * (WarmUp + Counted).TotalSeconds),
            windows,
            installation.Issuer
        );

        var screens = await Task.WhenAll(
            Enumerable.Range(0, Screens).Select(_ => Screen.WatchAsync(host.Address, hall))
        );
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 })
        {
            BaseAddress = host.Address,
        };
        var sent = await SendAsync(client, tickets);
        await Task.WhenAll(screens.Select(s => s.SeenAsync(sent.Max(r => r.Block))));

        var counted = sent.Skip((int)(PerSecond * WarmUp.TotalSeconds)).ToList();
        var latencies = screens.SelectMany(s => counted.Select(s.Latency)).Order().ToList();
        foreach (var screen in screens)
            await screen.DisposeAsync();
        Figure.Print(
            new
            {
                name = "board",
                screens = Screens,
                perSecond = PerSecond,
                ratings = counted.Count,
                releases = screens[0].Releases,
                p50 = Figure.Round(ClosedLoop.At(latencies, 0.50)),
                p99 = Figure.Round(ClosedLoop.At(latencies, 0.99)),
                max = Figure.Round(latencies[^1]),
            },
            json
        );
    }

    /// <summary>Sends at a fixed rate and does not wait for the answers.</summary>
    private static async Task<Sent[]> SendAsync(HttpClient client, IReadOnlyList<string> tickets)
    {
        var start = Stopwatch.GetTimestamp();
        var sending = new List<Task<Sent>>(tickets.Count);
        foreach (var ticket in tickets)
        {
            var due = TimeSpan.FromSeconds((double)sending.Count / PerSecond) - Stopwatch.GetElapsedTime(start);
            if (due > TimeSpan.Zero)
                await Task.Delay(due);
            sending.Add(SendAsync(client, ticket));
        }
        return await Task.WhenAll(sending);
    }

    private static async Task<Sent> SendAsync(HttpClient client, string ticket)
    {
        var at = Stopwatch.GetTimestamp();
        using var body = new StringContent(
            $$"""{"ticket":"{{ticket}}","grade":"satisfied"}""",
            MediaTypeHeaderValue.Parse("application/json")
        );
        using var response = await client.PostAsync("/api/v1/ratings", body);
        response.EnsureSuccessStatusCode();
        using var answer = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync());
        return new Sent(at, answer.RootElement.GetProperty("block").GetProperty("sequence").GetInt64());
    }

    private readonly record struct Sent(long At, long Block);

    private sealed class Screen(HubConnection connection) : IAsyncDisposable
    {
        private readonly List<(long At, long Block)> _releases = [];
        private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _awaited = long.MaxValue;

        public int Releases => _releases.Count;

        public static async Task<Screen> WatchAsync(Uri server, string hall)
        {
            var connection = new HubConnectionBuilder().WithUrl(new Uri(server, "/hubs/board")).Build();
            var screen = new Screen(connection);
            connection.On<JsonElement>("Released", screen.Note);
            await connection.StartAsync();
            await connection.InvokeAsync<JsonElement>("Watch", hall);
            return screen;
        }

        public Task SeenAsync(long block)
        {
            lock (_releases)
            {
                _awaited = block;
                if (_releases.Count > 0 && _releases[^1].Block >= block)
                    _seen.TrySetResult();
            }
            return _seen.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }

        /// <summary>Returns the milliseconds until the first release whose ledger head includes the rating.</summary>
        public double Latency(Sent rating)
        {
            var (from, to) = (0, _releases.Count - 1);
            while (from < to)
            {
                var middle = (from + to) / 2;
                if (_releases[middle].Block >= rating.Block)
                    to = middle;
                else
                    from = middle + 1;
            }
            return Stopwatch.GetElapsedTime(rating.At, _releases[from].At).TotalMilliseconds;
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();

        private void Note(JsonElement board)
        {
            var at = Stopwatch.GetTimestamp();
            lock (_releases)
            {
                _releases.Add((at, board.GetProperty("ledger").GetProperty("sequence").GetInt64()));
                if (_releases[^1].Block >= _awaited)
                    _seen.TrySetResult();
            }
        }
    }
}
