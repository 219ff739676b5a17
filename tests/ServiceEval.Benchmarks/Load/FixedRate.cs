using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace ServiceEval.Benchmarks.Load;

/// <param name="P99">Milliseconds from the moment at which a rating was due. If the client was late, this is before the
/// moment of sending.</param>
/// <param name="Others">The number of answers with another status than 201.</param>
internal sealed record FixedRateResult(int Answers, double P50, double P99, double Max, int Others);

/// <summary>
/// An open-loop load generator: citizens arrive at a fixed rate and do not wait for the answer of the citizen before.
/// </summary>
internal static class FixedRate
{
    /// <summary>
    /// Rates with these tickets, <paramref name="perSecond"/> a second, until <paramref name="end"/> or until the
    /// tickets are used up.
    /// </summary>
    public static async Task<FixedRateResult> RunAsync(Uri server, IEnumerable<string> tickets, int perSecond, Task end)
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 })
        {
            BaseAddress = server,
        };
        var start = Stopwatch.GetTimestamp();
        var sending = new List<Task<(HttpStatusCode Status, double Milliseconds)>>();
        foreach (var ticket in tickets)
        {
            var due = TimeSpan.FromSeconds((double)sending.Count / perSecond);
            var wait = due - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait);
            if (end.IsCompleted)
                break;
            sending.Add(SendAsync(client, ticket, start, due));
        }
        var answers = await Task.WhenAll(sending);
        var latencies = answers
            .Where(a => a.Status == HttpStatusCode.Created)
            .Select(a => a.Milliseconds)
            .Order()
            .ToList();
        return new FixedRateResult(
            latencies.Count,
            Math.Round(ClosedLoop.At(latencies, 0.50), 1),
            Math.Round(ClosedLoop.At(latencies, 0.99), 1),
            Math.Round(ClosedLoop.At(latencies, 1), 1),
            answers.Length - latencies.Count
        );
    }

    private static async Task<(HttpStatusCode Status, double Milliseconds)> SendAsync(
        HttpClient client,
        string ticket,
        long start,
        TimeSpan due
    )
    {
        using var body = new StringContent(
            $$"""{"ticket":"{{ticket}}","grade":"satisfied"}""",
            MediaTypeHeaderValue.Parse("application/json")
        );
        using var response = await client.PostAsync("/api/v1/ratings", body);
        return (response.StatusCode, (Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds);
    }
}
