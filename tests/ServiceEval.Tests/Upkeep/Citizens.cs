using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Tests.Upkeep;

/// <summary>Several citizens who rate at the same time until they are stopped. They remember their answers.</summary>
internal sealed class Citizens : IAsyncDisposable
{
    private const int AtOnce = 8;

    /// <summary>The longest wait for an event. It is no measurement.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<RatingResponse> _acknowledged = [];
    private readonly ConcurrentQueue<Guid> _refused = [];
    private readonly Task _rating;

    public Citizens(HttpClient client, string windowCode) =>
        _rating = Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(() => RateAsync(client, windowCode))));

    public IReadOnlyList<RatingResponse> Acknowledged => [.. _acknowledged];

    /// <summary>The ids of ratings with the answer 503 <c>not-stored</c>. They were not sent again.</summary>
    public IReadOnlyList<Guid> Refused => [.. _refused];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Returns the code of the first window.</summary>
    public static async Task<string> WindowCodeAsync(string directory)
    {
        var (exitCode, output, errors) = await new ServiceProcess(directory).RunAsync("windows", "--json");
        Assert.True(exitCode == 0, errors);
        return JsonDocument.Parse(output).RootElement[0].GetProperty("code").GetString()!;
    }

    public async Task UntilAsync(Func<Citizens, bool> condition)
    {
        for (var since = Stopwatch.StartNew(); !condition(this); )
        {
            Assert.True(
                since.Elapsed < Limit,
                $"It never came: {_acknowledged.Count} ratings were acknowledged, {_refused.Count} refused."
            );
            if (_rating.IsCompleted)
                await _rating;
            await Task.Delay(10, Ct);
        }
    }

    /// <summary>Stops the citizens and returns when the last one has an answer.</summary>
    public async Task StopAsync()
    {
        await _end.CancelAsync();
        await _rating;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _end.Dispose();
    }

    private async Task RateAsync(HttpClient client, string windowCode)
    {
        while (!_end.IsCancellationRequested)
        {
            using var issued = await client.PostAsJsonAsync("/api/v1/tickets", new { windowCode }, Ct);
            var ticket = await TestHost.ReadAsync<TicketResponse>(issued, HttpStatusCode.Created);
            using var answer = await client.PostAsJsonAsync(
                "/api/v1/ratings",
                new { ticket = ticket.Ticket, grade = "satisfied" },
                Ct
            );
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                await TestHost.AssertProblemAsync(answer, 503, "not-stored");
                Assert.NotNull(answer.Headers.RetryAfter);
                _refused.Enqueue(ticket.RatingId);
            }
            else
                _acknowledged.Enqueue(await TestHost.ReadAsync<RatingResponse>(answer, HttpStatusCode.Created));
        }
    }
}
