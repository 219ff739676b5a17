using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Tests.Hosting.Nodes;

/// <summary>
/// Citizens who rate without a pause. Each citizen gets a page from one node and rates at another. If a citizen gets no
/// answer, the citizen tries again with the same ticket, at any node, until the rating is acknowledged. The crowd
/// records the answers.
/// </summary>
internal sealed class Crowd : IAsyncDisposable
{
    private const int Citizens = 6;
    private static readonly string[] Grades =
    [
        "verySatisfied",
        "satisfied",
        "basicallySatisfied",
        "dissatisfied",
        "veryDissatisfied",
    ];

    /// <summary>A citizen who has waited this long is stuck. This is always a fault.</summary>
    private static readonly TimeSpan Hanging = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new() { Timeout = Hanging };
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Uri, int> _byNode = [];
    private readonly IReadOnlyList<Uri> _nodes;
    private readonly string _windowCode;
    private readonly Task _citizens;
    private int _refusals;

    public Crowd(IReadOnlyList<Uri> nodes, string windowCode)
    {
        (_nodes, _windowCode) = (nodes, windowCode);
        _citizens = Task.WhenAll(Enumerable.Range(0, Citizens).Select(i => Task.Run(() => RateAsync(i))));
    }

    /// <summary>The rating ids and their acknowledged grades.</summary>
    public ConcurrentDictionary<Guid, string> Acknowledged { get; } = [];

    /// <summary>
    /// The number of refusals with 503, a problem's name and Retry-After. Any other answer fails the crowd.
    /// </summary>
    public int Refusals => Volatile.Read(ref _refusals);

    /// <summary>Waits until each of these nodes has acknowledged more ratings than it has now.</summary>
    public async Task GoOnAtAsync(params Uri[] nodes)
    {
        const int More = 20;
        var wanted = nodes.ToDictionary(n => n, n => _byNode.GetValueOrDefault(n) + More);
        await UntilAsync(
            () => wanted.All(w => _byNode.GetValueOrDefault(w.Key) >= w.Value),
            "ratings are acknowledged again"
        );
    }

    public Task RefusedAsync(int more)
    {
        var wanted = Refusals + more;
        return UntilAsync(() => Refusals >= wanted, "ratings are refused");
    }

    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await _citizens;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _citizens.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
        _http.Dispose();
    }

    private async Task UntilAsync(Func<bool> isMet, string what)
    {
        using var patience = new CancellationTokenSource(Limit);
        while (!isMet())
        {
            if (_citizens.IsFaulted)
                await _citizens;
            Assert.False(patience.IsCancellationRequested, $"It did not come to pass that {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        }
    }

    private async Task RateAsync(int citizen)
    {
        for (var i = citizen; !_end.IsCancellationRequested; i++)
        {
            var ticket = await AskAsync(
                i,
                async node =>
                {
                    using var response = await _http.PostAsJsonAsync(
                        new Uri(node, "/api/v1/tickets"),
                        new { windowCode = _windowCode }
                    );
                    return await TestHost.ReadAsync<TicketResponse>(response, HttpStatusCode.Created);
                }
            );
            var grade = Grades[i % 7 % 5];
            await AskAsync(
                i + 1,
                async node =>
                {
                    using var response = await _http.PostAsJsonAsync(
                        new Uri(node, "/api/v1/ratings"),
                        new { ticket = ticket.Ticket, grade }
                    );
                    if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
                    {
                        Assert.NotNull(response.Headers.RetryAfter);
                        Assert.Matches(
                            "urn:serviceeval:(not-stored|outcome-unknown)",
                            await response.Content.ReadAsStringAsync()
                        );
                        Interlocked.Increment(ref _refusals);
                        return null;
                    }
                    Assert.True(
                        response.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK,
                        $"{response.StatusCode}"
                    );
                    var stored = await TestHost.ReadAsync<RatingResponse>(response, response.StatusCode);
                    Assert.True(
                        Acknowledged.TryAdd(stored.RatingId, Words.Wire(stored.Grade)),
                        "Two tickets, one rating."
                    );
                    _byNode.AddOrUpdate(node, 1, (_, count) => count + 1);
                    return stored;
                }
            );
        }
    }

    /// <summary>Asks one node after another until there is an answer.</summary>
    private async Task<T> AskAsync<T>(int first, Func<Uri, Task<T?>> ask)
        where T : class
    {
        for (var at = first; ; at++)
        {
            try
            {
                if (await ask(_nodes[at % _nodes.Count]) is { } answer)
                    return answer;
            }
            catch (HttpRequestException)
            {
                // No process listens there at the moment.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        }
    }
}
