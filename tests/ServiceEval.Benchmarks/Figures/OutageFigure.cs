using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using ServiceEval.Benchmarks.Load;
using ServiceEval.Benchmarks.Servers;
using ServiceEval.TestDatabases;

namespace ServiceEval.Benchmarks.Figures;

/// <summary>
/// Measures how long citizens wait for an answer while the database server is away. If it is stopped, no process
/// listens. If it is frozen, it takes connections and does not answer. The figure fails unless every answer is a 503
/// with Retry-After.
/// </summary>
internal static class OutageFigure
{
    private const int Citizens = 64;
    private const int Tickets = 800_000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(bool json)
    {
        await using var installation = await Installation.CreateAsync(kind: DatabaseKind.PostgreSql);
        await using var host = await ServerProcess.HostAsync(installation);
        var windows = (await installation.WindowsAsync()).Select(w => w.Id).ToList();
        var tickets = new Queue<string>(Requests.Tickets(Tickets, windows, installation.Issuer));
        var cluster = installation.Server!.Cluster;
        await RateAsync(host, tickets, Task.Delay(WarmUp));

        var stopped = await DuringAsync(host, tickets, cluster.StopAsync, cluster.RestartAsync);
        await RateAsync(host, tickets, Task.Delay(WarmUp));
        var frozen = await DuringAsync(host, tickets, cluster.FreezeAsync, cluster.ThawAsync);
        Figure.Print(
            new
            {
                name = "outage",
                stopped,
                frozen,
            },
            json
        );
    }

    private static async Task<Outage> DuringAsync(
        ServerProcess host,
        Queue<string> tickets,
        Func<Task> goAway,
        Func<Task> comeBack
    )
    {
        async Task AwayAsync()
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            await goAway();
            await Task.Delay(Away);
            await comeBack();
            // Wait until all requests under way have their answers and the first ratings are stored again.
            await Task.Delay(WarmUp);
        }
        var answers = await RateAsync(host, tickets, AwayAsync());
        var refused = answers
            .Where(a => a.Status == HttpStatusCode.ServiceUnavailable)
            .Select(a => a.Seconds)
            .Order()
            .ToList();
        return new Outage(
            refused.Count,
            Figure.Round(ClosedLoop.At(refused, 0.5)),
            Figure.Round(ClosedLoop.At(refused, 1)),
            Figure.Round(answers.Max(a => a.Seconds))
        );
    }

    /// <summary>
    /// Sends ratings without a pause until <paramref name="end"/>. After a refusal it waits a tenth of a second and
    /// then uses another ticket.
    /// </summary>
    private static async Task<IReadOnlyList<(HttpStatusCode Status, double Seconds)>> RateAsync(
        ServerProcess host,
        Queue<string> tickets,
        Task end
    )
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Citizens })
        {
            BaseAddress = host.Address,
        };
        var answers = new List<(HttpStatusCode, double)>();
        await Task.WhenAll(
            Enumerable
                .Range(0, Citizens)
                .Select(async _ =>
                {
                    while (!end.IsCompleted)
                    {
                        string ticket;
                        lock (tickets)
                            ticket = tickets.Dequeue();
                        using var body = new StringContent(
                            $$"""{"ticket":"{{ticket}}","grade":"dissatisfied"}""",
                            MediaTypeHeaderValue.Parse("application/json")
                        );
                        var start = Stopwatch.GetTimestamp();
                        using var response = await client.PostAsync("/api/v1/ratings", body);
                        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
                        var isRefusal =
                            response is { StatusCode: HttpStatusCode.ServiceUnavailable, Headers.RetryAfter: not null };
                        if (!isRefusal && response.StatusCode != HttpStatusCode.Created)
                            throw new InvalidOperationException(
                                $"Answered {response.StatusCode}: {await response.Content.ReadAsStringAsync()}"
                            );
                        lock (answers)
                            answers.Add((response.StatusCode, seconds));
                        if (isRefusal)
                            await Task.Delay(100);
                    }
                })
        );
        await end;
        return answers;
    }

    /// <param name="Median">Seconds from the request to its refusal.</param>
    /// <param name="LongestOfAll">The longest time in seconds, stored ratings included.</param>
    private sealed record Outage(int Refused, double Median, double Longest, double LongestOfAll);
}
