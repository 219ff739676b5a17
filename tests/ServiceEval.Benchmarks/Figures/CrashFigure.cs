using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using ServiceEval.Benchmarks.Load;
using ServiceEval.Benchmarks.Servers;
using ServiceEval.TestDatabases;

namespace ServiceEval.Benchmarks.Figures;

/// <summary>
/// Puts load on the host, kills the host at a random moment, and starts it again. Then it sends every acknowledged
/// rating again: each must be stored exactly once. This is the first promise of the service.
/// </summary>
internal static class CrashFigure
{
    private const int Connections = 32;
    private const int TicketsARound = 60_000;

    public static async Task RunAsync(int rounds, DatabaseKind kind, bool json)
    {
        await using var installation = await Installation.CreateAsync(kind: kind);
        var windows = (await installation.WindowsAsync()).Select(w => w.Id).ToList();
        var results = new List<Round>();
        for (var i = 0; i < rounds; i++)
        {
            var tickets = Requests.Tickets(TicketsARound, windows, installation.Issuer);
            // In every second round the database server is killed together with the host.
            var acknowledged = await LoadAndKillAsync(installation, tickets, killServer: i % 2 == 1);
            results.Add(await CountAsync(installation, acknowledged));
            Figure.Say($"crash: round {i + 1} of {rounds}: {results[^1]}");
        }
        // The command ends with exit code 1 and lists faults on standard error if the ledger is damaged.
        await installation.CommandAsync("verify");
        Figure.Print(
            new
            {
                name = "crash",
                database = $"{kind}".ToLowerInvariant(),
                rounds = results,
            },
            json
        );
    }

    private static async Task<IReadOnlyCollection<string>> LoadAndKillAsync(
        Installation installation,
        IReadOnlyList<string> tickets,
        bool killServer
    )
    {
        await using var host = await ServerProcess.HostAsync(installation);
        using var client = NewClient(host.Address);
        var waiting = new ConcurrentQueue<string>(tickets);
        var acknowledged = new ConcurrentBag<string>();
        var first = new TaskCompletionSource();
        var load = Enumerable
            .Range(0, Connections)
            .Select(async _ =>
            {
                try
                {
                    while (waiting.TryDequeue(out var ticket))
                    {
                        if (await PostAsync(client, ticket) != HttpStatusCode.Created)
                            continue;
                        acknowledged.Add(ticket);
                        first.TrySetResult();
                    }
                }
                catch (HttpRequestException)
                {
                    // The process was killed. The request under way was not acknowledged.
                }
            })
            .ToList();
        // A round without an acknowledged rating proves nothing, so wait for the first one. A busy machine needs time
        // to begin.
        await first.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await Task.Delay(Random.Shared.Next(3_000));
        await Task.WhenAll(
            host.KillAsync(),
            killServer && installation.Server is { } server ? server.Cluster.KillAsync() : Task.CompletedTask
        );
        await Task.WhenAll(load);
        if (killServer && installation.Server is { } killed)
            await killed.Cluster.RestartAsync();
        return acknowledged;
    }

    private static async Task<Round> CountAsync(Installation installation, IReadOnlyCollection<string> acknowledged)
    {
        await using var host = await ServerProcess.HostAsync(installation);
        using var client = NewClient(host.Address);
        var before = await installation.NumberAsync("""SELECT COUNT(*) FROM "Ratings" """);
        var lost = 0;
        await Parallel.ForEachAsync(
            acknowledged,
            new ParallelOptions { MaxDegreeOfParallelism = Connections },
            async (ticket, _) =>
            {
                // If the rating is stored, the answer is 200. If the rating was lost, it is stored now and the answer
                // is 201.
                if (await PostAsync(client, ticket) != HttpStatusCode.OK)
                    Interlocked.Increment(ref lost);
            }
        );
        var counted = await installation.NumberAsync(
            """SELECT CAST(COALESCE(SUM("VerySatisfied" + "Satisfied" + "BasicallySatisfied" + "Dissatisfied" + "VeryDissatisfied"), 0) AS BIGINT) FROM "TalliesByWindow" """
        );
        return new Round(acknowledged.Count, lost, counted - before - lost);
    }

    private static HttpClient NewClient(Uri address) =>
        new(new SocketsHttpHandler { MaxConnectionsPerServer = Connections }) { BaseAddress = address };

    private static async Task<HttpStatusCode> PostAsync(HttpClient client, string ticket)
    {
        using var body = new StringContent(
            $$"""{"ticket":"{{ticket}}","grade":"dissatisfied"}""",
            MediaTypeHeaderValue.Parse("application/json")
        );
        using var response = await client.PostAsync("/api/v1/ratings", body);
        await response.Content.ReadAsByteArrayAsync();
        return response.StatusCode;
    }

    /// <param name="Doubled">The number of ratings that the tallies count in excess of the stored ratings.</param>
    private sealed record Round(int Acknowledged, int Lost, long Doubled);
}
