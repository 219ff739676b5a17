using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.SignalR;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Boards;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Http;

namespace ServiceEval.Tests.Boards;

public sealed class ReleasingCohortsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Four_ratings_show_nothing_but_the_count_and_the_fifth_releases_all_five()
    {
        await using var host = await TestHost.StartAsync();
        await using var screen = await Screen.WatchAsync(host);
        for (var i = 0; i < 4; i++)
            await host.RateAsync(Grade.Dissatisfied);
        await screen.CountedAsync(4);
        Assert.Equal((0L, 0, 4), Figures(await BoardAsync(host)));

        await host.RateAsync(Grade.VerySatisfied);
        var board = await screen.ReleasedAsync(1);

        Assert.Equal((1L, 5, 5), Figures(board));
        Assert.Equal(4, board.Grades["dissatisfied"]);
        Assert.Equal(1, board.Good);
        Assert.Null(board.Rate);
    }

    [Fact]
    public async Task Cohorts_fill_by_window_so_three_and_three_of_two_windows_wait()
    {
        await using var host = await TestHost.StartAsync();
        await using var screen = await Screen.WatchAsync(host);
        foreach (var code in await host.WindowCodesAsync())
        {
            for (var i = 0; i < 3; i++)
                await host.RateAsync(Grade.Satisfied, code);
        }
        await screen.CountedAsync(6);

        Assert.Equal(0, (await BoardAsync(host)).Version);
    }

    [Fact]
    public async Task Releases_made_at_once_show_every_rating_once()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:Boards:BatchSize", "1"));
        var hall = host.Part<HallDirectory>().Current.Hall(TestHost.Hall)!;
        for (var n = 1; n <= 20; n++)
        {
            await host.RateAsync();
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.Part<BoardReleases>().ReleaseAsync(hall, Ct)));
            var board = await BoardAsync(host);
            Assert.Equal((n, n), (board.N, (int)board.Version));
        }
    }

    [Fact]
    public async Task A_cohort_that_fills_after_midnight_counts_whole_under_the_date_of_its_release()
    {
        await using var host = await TestHost.StartAsync();
        await using var screen = await Screen.WatchAsync(host);
        for (var i = 0; i < 4; i++)
            await host.RateAsync();
        host.Clock.Advance(TimeSpan.FromHours(24));
        await host.RateAsync();

        var board = await screen.ReleasedAsync(1);

        Assert.Equal(5, board.Today.N);
        Assert.Equal(1, board.ReceivedToday);
        Assert.Equal(new DateOnly(2026, 11, 19), board.To);
        Assert.Equal([0, 5], board.Days.TakeLast(2).Select(d => d.N));
    }

    [Fact]
    public async Task A_release_waits_while_it_would_lower_the_count_of_a_grade()
    {
        await using var host = await TestHost.StartAsync();
        await using var screen = await Screen.WatchAsync(host);
        for (var i = 0; i < 4; i++)
            await host.RateAsync(Grade.Satisfied);
        var fifth = (await host.RateAsync(Grade.VeryDissatisfied)).Receipt;
        await screen.ReleasedAsync(1);

        await CorrectAsync(host, fifth, "satisfied");
        for (var i = 0; i < 5; i++)
            await host.RateAsync(Grade.Satisfied);
        await screen.CountedAsync(10);

        var hall = host.Part<HallDirectory>().Current.Hall(TestHost.Hall)!;
        Assert.False(await host.Part<BoardReleases>().ReleaseAsync(hall, Ct));
        Assert.Equal((1L, 5, 10), Figures(await BoardAsync(host)));

        await host.RateAsync(Grade.VeryDissatisfied);
        var board = await screen.ReleasedAsync(2);
        Assert.Equal([0, 10, 0, 0, 1], Grades.All.Select(g => board.Grades[Words.Wire(g)]));
    }

    [Fact]
    public async Task Corrections_after_midnight_wait_until_the_date_has_as_many_of_the_grade_they_replaced()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:Boards:MinimumN", "1"));
        await using var screen = await Screen.WatchAsync(host);
        host.Clock.Advance(TimeSpan.FromHours(14) - TimeSpan.FromSeconds(30));
        var given = new List<string>();
        for (var i = 0; i < 5; i++)
            given.Add((await host.RateAsync(Grade.Satisfied)).Receipt);
        await screen.ReleasedAsync(1);

        host.Clock.Advance(TimeSpan.FromMinutes(1));
        foreach (var receipt in given.Take(2))
            await CorrectAsync(host, receipt, "dissatisfied");
        for (var i = 0; i < 5; i++)
            await host.RateAsync(Grade.VerySatisfied);
        for (var i = 0; i < 2; i++)
            await host.RateAsync(Grade.Satisfied);
        var board = await screen.ReleasedAsync(b => b.N == 12);

        Assert.Equal([5, 7], board.Days.TakeLast(2).Select(d => d.N));
        Assert.Equal([5, 5, 0, 2, 0], Grades.All.Select(g => board.Grades[Words.Wire(g)]));
        Assert.Equal([5, 0, 0, 2, 0], Grades.All.Select(g => board.Today.Grades[Words.Wire(g)]));
    }

    private static async Task CorrectAsync(TestHost host, string receipt, string grade)
    {
        using var form = new FormUrlEncodedContent([new("grade", grade)]);
        using var corrected = await host.Client.PostAsync($"/r/{receipt}/correction", form, Ct);
        Assert.Equal(HttpStatusCode.SeeOther, corrected.StatusCode);
    }

    [Fact]
    public async Task A_window_that_is_retired_leaves_the_screen_with_a_new_version_although_nobody_rates()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:Boards:BatchSize", "1"));
        await using var screen = await Screen.WatchAsync(host);
        await host.RateAsync();
        var before = await screen.ReleasedAsync(1);

        await host.CommandAsync("windows", "retire", (await host.WindowCodesAsync())[1]);
        var after = await screen.ReleasedAsync(before.Version + 1);

        Assert.Equal(["1", "2"], before.Windows.Select(w => w.Number));
        Assert.Equal(["1"], after.Windows.Select(w => w.Number));
    }

    [Fact]
    public async Task Every_vote_is_released_when_the_batch_is_one_and_a_full_sample_has_a_rate_and_interval()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:Boards:BatchSize", "1"));
        await using var screen = await Screen.WatchAsync(host);
        for (var i = 0; i < 30; i++)
            await host.RateAsync(i == 0 ? Grade.VeryDissatisfied : Grade.VerySatisfied);

        var board = await screen.ReleasedAsync(b => b.N == 30);

        Assert.Equal(29 / 30.0, board.Rate!.Value, 10);
        Assert.InRange(board.Low!.Value, 0.83, 0.84);
        Assert.InRange(board.High!.Value, 0.99, 1);
        Assert.Equal(30, board.Windows.Single(w => w.Number == "1").N);
    }

    [Fact]
    public async Task What_filled_up_before_a_restart_is_released_after_it()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:Boards:BatchSize", "1000"));
        for (var i = 0; i < 5; i++)
            await host.RateAsync();
        await host.RestartAsync(("ServiceEval:Boards:BatchSize", "5"));

        await using var screen = await Screen.WatchAsync(host);
        Assert.Equal(5, (await screen.ReleasedAsync(1)).N);
    }

    [Fact]
    public async Task An_unchanged_board_is_not_sent_again_and_a_new_day_is()
    {
        await using var host = await TestHost.StartAsync();
        using var first = await host.Client.GetAsync("/api/v1/halls/example/board", Ct);
        Assert.Equal("\"0-0-2026-11-18\"", first.Headers.ETag?.ToString());

        Assert.Equal(HttpStatusCode.NotModified, await AskAgainAsync());
        host.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.OK, await AskAgainAsync());

        async Task<HttpStatusCode> AskAgainAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/halls/example/board");
            request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            using var response = await host.Client.SendAsync(request, Ct);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task A_board_is_read_while_somebody_else_writes()
    {
        await using var host = await TestHost.StartAsync();
        await using var other = new Microsoft.Data.Sqlite.SqliteConnection(
            $"Data Source={host.DatabasePath};Pooling=False"
        );
        await other.OpenAsync(Ct);
        await using var writing = await other.BeginTransactionAsync(Ct);

        Assert.Equal(0, (await BoardAsync(host)).Version);
    }

    [Fact]
    public async Task A_hall_that_does_not_exist_is_a_clear_error_on_both_ways()
    {
        await using var host = await TestHost.StartAsync();

        await TestHost.AssertProblemAsync(
            await host.Client.GetAsync("/api/v1/halls/nowhere/board", Ct),
            404,
            "hall-unknown"
        );
        await Assert.ThrowsAsync<HubException>(() => Screen.WatchAsync(host, "nowhere"));
    }

    private static (long Version, int N, int Received) Figures(Board board) =>
        (board.Version, board.N, board.ReceivedToday);

    private static async Task<Board> BoardAsync(TestHost host) =>
        (await host.Client.GetFromJsonAsync<Board>("/api/v1/halls/example/board", Json.Options, Ct))!;
}
