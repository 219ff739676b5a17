using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Tests.Boards;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Tests.Ratings;

public sealed class RefusedByTheDatabaseTests
{
    private static readonly RatingMetrics Metrics = new ServiceCollection()
        .AddMetrics()
        .AddSingleton<RatingMetrics>()
        .BuildServiceProvider()
        .GetRequiredService<RatingMetrics>();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_locked_database_is_said_at_once_and_the_same_ticket_works_afterwards()
    {
        await using var host = await TestHost.StartAsync();
        var ticket = await host.TicketAsync();
        await using (var other = new SqliteConnection($"Data Source={host.DatabasePath};Pooling=False"))
        {
            await other.OpenAsync(Ct);
            await using var transaction = await other.BeginTransactionAsync(Ct);
            await AssertNotStoredAsync(await host.PostRatingAsync(new { ticket = ticket.Ticket, grade = "satisfied" }));
        }

        using var stored = await host.PostRatingAsync(new { ticket = ticket.Ticket, grade = "satisfied" });
        Assert.Equal(HttpStatusCode.Created, stored.StatusCode);
        Assert.Equal(1, await host.CountAsync("Ratings"));
    }

    [Fact]
    public async Task A_full_disk_is_said_at_once_tears_nothing_and_is_over_when_there_is_room()
    {
        await using var disk = await SmallDisk.MountAsync();
        await using var host = await TestHost.StartInAsync(
            disk.Root,
            ownsDirectory: false,
            ("ServiceEval:Boards:BatchSize", "1")
        );
        await using var screen = await Screen.WatchAsync(host);
        var code = (await host.WindowCodesAsync())[0];
        var thanks = $"/r/{(await host.RateAsync(Grade.Dissatisfied)).Receipt}";
        var waiting = await host.TicketAsync();
        await screen.CountedAsync(1);

        disk.Fill();
        var refused = await RateUntilRefusedAsync(host);
        await AssertNotStoredAsync(await host.PostRatingAsync(new { ticket = refused, grade = "satisfied" }));
        var page = await AssertPageAsync(
            await host.PostFormAsync($"/w/{code}", ("ticket", waiting.Ticket), ("grade", "satisfied"))
        );
        Assert.Contains(waiting.Ticket, page, StringComparison.Ordinal);
        page = await AssertPageAsync(await host.PostFormAsync(thanks, ("tags", "207"), ("comment", "等了两小时")));
        Assert.Contains("先前的评价不受影响", page, StringComparison.Ordinal);
        Assert.Contains("等了两小时", page, StringComparison.Ordinal);
        Assert.Contains("value=\"207\" checked", page, StringComparison.Ordinal);
        await AssertPageAsync(await host.PostFormAsync(thanks + "/correction", ("grade", "satisfied")));
        using var shown = await host.Client.GetAsync($"/w/{code}", Ct);
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);

        disk.MakeRoom();
        using var stored = await host.PostRatingAsync(new { ticket = refused, grade = "satisfied" });
        Assert.Equal(HttpStatusCode.Created, stored.StatusCode);
        using var tapped = await host.PostFormAsync($"/w/{code}", ("ticket", waiting.Ticket), ("grade", "satisfied"));
        Assert.Equal(HttpStatusCode.SeeOther, tapped.StatusCode);
        var ratings = (int)await host.CountAsync("Ratings");
        Assert.Equal(ratings, (await screen.ReleasedAsync(board => board.N == ratings)).N);
        var (exitCode, output, errors) = await host.CommandAsync("verify");
        Assert.True(exitCode == 0, output + errors);
    }

    [Fact]
    public async Task A_key_that_falls_due_while_the_disk_is_full_goes_on_signing()
    {
        await using var disk = await SmallDisk.MountAsync();
        await using var host = await TestHost.StartInAsync(disk.Root, ownsDirectory: false);
        await host.RateAsync();

        disk.Fill();
        host.Clock.AdjustTime(TestHost.Start + TicketKeys.Rotation);
        var ticket = await host.TicketAsync();

        disk.MakeRoom();
        using var stored = await host.PostRatingAsync(new { ticket = ticket.Ticket, grade = "satisfied" });
        Assert.Equal(HttpStatusCode.Created, stored.StatusCode);
    }

    /// <summary>
    /// The length of the queue is not part of the public surface, so this test fills the log directly.
    /// </summary>
    [Fact]
    public async Task A_full_queue_refuses_at_once_and_what_it_took_is_answered_when_the_database_comes_back()
    {
        var store = new StuckStore();
        using var log = new RatingLog(store, Metrics, NullLogger<RatingLog>.Instance);
        await log.StartAsync(Ct);
        var taken = new List<Task<LogResult>>();
        Task<LogResult> last;
        while (
            !(
                last = log.AppendAsync(
                    new GiveCorrection(Guid.CreateVersion7(TestHost.Start), Grade.Satisfied, TestHost.Start)
                )
            ).IsFaulted
        )
        {
            taken.Add(last);
            Assert.InRange(taken.Count, 1, 100_000);
        }

        await Assert.ThrowsAsync<NotStoredException>(() => last);
        store.Back.SetResult();
        Assert.All(await Task.WhenAll(taken), result => Assert.Equal(LogOutcome.Stored, result.Outcome));
        await log.StopAsync(Ct);
    }

    /// <summary>It takes seconds to detect that a database is away. A request must not wait for this twice.</summary>
    [Fact]
    public async Task A_request_that_waited_for_one_refusal_does_not_wait_for_a_second()
    {
        var store = new RefusingStore();
        using var log = new RatingLog(store, Metrics, NullLogger<RatingLog>.Instance);
        await log.StartAsync(Ct);
        var first = log.AppendAsync(
            new GiveCorrection(Guid.CreateVersion7(TestHost.Start), Grade.Satisfied, TestHost.Start)
        );
        await store.Asked.Task.WaitAsync(Ct);
        var waiting = log.AppendAsync(
            new GiveCorrection(Guid.CreateVersion7(TestHost.Start), Grade.Satisfied, TestHost.Start)
        );
        await Task.Delay(TimeSpan.FromSeconds(1), Ct);
        store.Refuse.SetResult();

        await Assert.ThrowsAsync<NotStoredException>(() => first);
        await Assert.ThrowsAsync<NotStoredException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(30), Ct));
        Assert.Equal(1, store.Batches);
        await log.StopAsync(Ct);
    }

    /// <summary>Rates until the database refuses a rating and returns the ticket of this rating.</summary>
    private static async Task<string> RateUntilRefusedAsync(TestHost host)
    {
        for (var i = 0; i < 2000; i++)
        {
            var ticket = (await host.TicketAsync()).Ticket;
            using var response = await host.PostRatingAsync(new { ticket, grade = "satisfied" });
            if (response.StatusCode == HttpStatusCode.Created)
                continue;
            await AssertNotStoredAsync(response);
            return ticket;
        }
        throw new InvalidOperationException("The disk did not fill up.");
    }

    private static async Task AssertNotStoredAsync(HttpResponseMessage response)
    {
        await TestHost.AssertProblemAsync(response, 503, "not-stored");
        Assert.NotNull(response.Headers.RetryAfter);
    }

    private static async Task<string> AssertPageAsync(HttpResponseMessage response)
    {
        var page = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Ct));
        Assert.True(
            response.StatusCode == HttpStatusCode.ServiceUnavailable,
            $"{(int)response.StatusCode} instead of 503: {page}"
        );
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        return page;
    }

    private sealed class StuckStore : IRatingStore
    {
        public TaskCompletionSource Back { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<CommitResult> CommitAsync(IReadOnlyList<LogRequest> requests, CancellationToken ct)
        {
            await Back.Task;
            return new CommitResult(
                [.. requests.Select(_ => new LogResult(LogOutcome.Stored, Grade.Satisfied, new BlockReference(1, [])))],
                null,
                []
            );
        }
    }

    private sealed class RefusingStore : IRatingStore
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource Refuse { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public int Batches { get; private set; }

        public async Task<CommitResult> CommitAsync(IReadOnlyList<LogRequest> requests, CancellationToken ct)
        {
            Batches++;
            Asked.TrySetResult();
            await Refuse.Task;
            throw new NotStoredException("Away.");
        }
    }
}
