using System.Net;
using ServiceEval.Core.Ratings;
using ServiceEval.Tests.Exchange;
using ServiceEval.Web.Features.Boards;

namespace ServiceEval.Tests.Boards;

/// <summary>The board of a region says no more than the boards of its halls say together.</summary>
public sealed class RegionBoardTests
{
    private static readonly (string, string) EveryVote = ("ServiceEval:Boards:BatchSize", "1");
    private static readonly (string, string) SmallSample = ("ServiceEval:Boards:MinimumN", "5");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_regions_figures_are_the_sums_of_what_the_boards_of_its_halls_show()
    {
        await using var host = await TestHost.StartAsync(SmallSample);
        await Townships.AddAsync(host);
        await ReleaseAsync(host, TestHost.Hall, Grade.VerySatisfied, n: 5);
        await ReleaseAsync(host, SecondHall.Hall, Grade.Dissatisfied, n: 5);
        host.Clock.Advance(TimeSpan.FromDays(1));
        Board[] halls =
        [
            await Screen.AskAsync(host.Client, board => board.N == 5),
            await ReleaseAsync(host, SecondHall.Hall, Grade.Satisfied, n: 10),
        ];

        var board = await Townships.BoardAsync(host, Townships.County);

        Assert.Equal((15, 10, 2), (board.N, board.Good, board.Halls));
        Assert.Equal(halls.Sum(h => h.Version), board.Version);
        Assert.Equal(halls.Max(h => h.ReleasedAt), board.ReleasedAt);
        Assert.Equal(halls.Sum(h => h.ReceivedToday), board.ReceivedToday);
        Assert.Equal((halls[0].From, halls[0].To), (board.From, board.To));
        Assert.Equal(10.0 / 15, board.Rate);
        foreach (var grade in board.Grades.Keys)
        {
            Assert.Equal(halls.Sum(h => h.Grades[grade]), board.Grades[grade]);
            Assert.Equal(halls.Sum(h => h.Today.Grades[grade]), board.Today.Grades[grade]);
        }
        Assert.Equal([0, 0, 0, 0, 0, 10, 5], board.Days.Select(day => day.N));
        Assert.Equal(
            [(TestHost.Hall, 5, halls[0].Rate, halls[0].Low), (Townships.First, 10, halls[1].Rate, halls[1].Low)],
            board.Children.Select(child => (child.Code, child.N, child.Rate, child.Low))
        );
    }

    [Fact]
    public async Task A_region_shows_its_own_halls_first_and_then_the_regions_below_in_the_order_of_their_codes()
    {
        await using var host = await TestHost.StartAsync();
        await Townships.AddAsync(host);
        var emptyTownship = Townships.Second;

        var county = await Townships.BoardAsync(host, Townships.County);
        await SecondHall.ChangeAsync(
            host,
            $"""
            INSERT INTO HallPlacements (HallId, "From", RegionId)
            SELECT h.Id, 19000101, r.Id FROM Halls h, Regions r WHERE h.Code = '{TestHost.Hall}' AND r.Code = '{emptyTownship}'
            """
        );
        var townshipsOnly = await Townships.BoardAsync(host, Townships.County);
        var township = await Townships.BoardAsync(host, Townships.First);

        Assert.Equal([TestHost.Hall, Townships.First], county.Children.Select(child => child.Code));
        Assert.Equal([Townships.First, Townships.Second], townshipsOnly.Children.Select(child => child.Code));
        Assert.Equal([SecondHall.Hall], township.Children.Select(child => child.Code));
        Assert.Equal(("第二大厅", "第二"), (township.Children[0].Name, township.Children[0].ShortName));
    }

    [Fact]
    public async Task Ratings_of_a_cohort_that_is_not_full_only_count_as_received()
    {
        await using var host = await TestHost.StartAsync();
        await Townships.AddAsync(host);
        await RateAsync(host, TestHost.Hall, Grade.Satisfied, times: 4);
        await RateAsync(host, SecondHall.Hall, Grade.Satisfied, times: 4);

        var waiting = await Townships.BoardAsync(host, Townships.County);
        await RateAsync(host, TestHost.Hall, Grade.Satisfied, times: 1);
        await Screen.AskAsync(host.Client, board => board.N == 5);
        var released = await Townships.BoardAsync(host, Townships.County);

        Assert.Equal((0, 0, 8), (waiting.N, waiting.Today.N, waiting.ReceivedToday));
        Assert.All(waiting.Children, child => Assert.Equal(0, child.N));
        Assert.Equal((5, 5, 9), (released.N, released.Today.N, released.ReceivedToday));
    }

    [Fact]
    public async Task A_hall_that_moved_counts_in_its_new_region_from_that_date_on()
    {
        await using var host = await TestHost.StartAsync(EveryVote);
        await Townships.AddAsync(host);
        await RateAsync(host, SecondHall.Hall, Grade.Satisfied, times: 3);
        await Screen.AskAsync(host.Client, board => board.N == 3, SecondHall.Hall);
        await Townships.MoveAsync(host, Townships.Second, new DateOnly(2026, 11, 19));

        host.Clock.Advance(TimeSpan.FromDays(1));
        await RateAsync(host, SecondHall.Hall, Grade.Satisfied, times: 2);
        await Screen.AskAsync(host.Client, board => board.N == 5, SecondHall.Hall);

        var before = await Townships.BoardAsync(host, Townships.First);
        var after = await Townships.BoardAsync(host, Townships.Second);
        var county = await Townships.BoardAsync(host, Townships.County);
        Assert.Equal((3, 0, 0, 0), (before.N, before.Today.N, before.ReceivedToday, before.Halls));
        Assert.Empty(before.Children);
        Assert.Equal((2, 2, 2, 1), (after.N, after.Today.N, after.ReceivedToday, after.Halls));
        Assert.Equal(2, Assert.Single(after.Children).N);
        Assert.Equal(5, county.N);
        Assert.Equal(
            [(TestHost.Hall, 0), (Townships.Second, 2)],
            county.Children.Select(child => (child.Code, child.N))
        );
    }

    [Fact]
    public async Task A_screen_that_has_the_current_board_gets_304_until_a_figure_or_a_name_changes()
    {
        await using var host = await TestHost.StartAsync();
        await Townships.AddAsync(host);
        using var first = await host.Client.GetAsync(Townships.PathOf(Townships.First), Ct);

        using var same = await AskAgainAsync(host, first);
        await RateAsync(host, TestHost.Hall, Grade.Satisfied, times: 1);
        using var otherRegion = await AskAgainAsync(host, first);
        await RateAsync(host, SecondHall.Hall, Grade.Satisfied, times: 1);
        using var rated = await AskAgainAsync(host, first);
        using var sameAsRated = await AskAgainAsync(host, rated);
        await SecondHall.ChangeAsync(host, $"UPDATE Regions SET Name = '城关' WHERE Code = '{Townships.First}'");
        using var renamed = await AskAgainAsync(host, rated);

        Assert.Equal((HttpStatusCode.NotModified, first.Headers.ETag), (same.StatusCode, same.Headers.ETag));
        Assert.All([first, same], answer => Assert.Equal("no-cache", answer.Headers.CacheControl?.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, otherRegion.StatusCode);
        Assert.Equal(1, (await TestHost.ReadAsync<RegionBoard>(rated)).ReceivedToday);
        Assert.Equal(HttpStatusCode.NotModified, sameAsRated.StatusCode);
        Assert.Equal("城关", (await TestHost.ReadAsync<RegionBoard>(renamed)).Name);
    }

    [Fact]
    public async Task The_board_of_a_region_is_put_together_once_a_release()
    {
        await using var host = await TestHost.StartAsync();
        await Townships.AddAsync(host);
        Assert.Equal(0, (await Townships.BoardAsync(host, Townships.County)).ReceivedToday);
        await host.QueryAsync("ALTER TABLE ReleasedDays RENAME TO Lost");

        await RateAsync(host, TestHost.Hall, Grade.Satisfied, times: 1);

        Assert.Equal(1, (await Townships.BoardAsync(host, Townships.County)).ReceivedToday);
    }

    [Fact]
    public async Task The_alias_county_names_the_root()
    {
        await using var host = await TestHost.StartAsync();
        await Townships.AddAsync(host);

        var byAlias = await Townships.BoardAsync(host, "county");

        Assert.Equal((Townships.County, "濮阳县"), (byAlias.Region, byAlias.Name));
    }

    [Theory]
    [InlineData("410928999000")]
    [InlineData("example")]
    public async Task An_unknown_region_is_a_problem_with_a_sentence(string code)
    {
        await using var host = await TestHost.StartAsync();

        using var response = await host.Client.GetAsync(Townships.PathOf(code), Ct);

        await TestHost.AssertProblemAsync(response, 404, "hall-unknown");
        Assert.Contains(
            "没有这个区划，请核对地址。",
            await response.Content.ReadAsStringAsync(Ct),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_demonstrations_made_up_past_counts_in_its_region_too()
    {
        await using var host = await TestHost.StartAsync();
        await host.ImportAsync(
            Importing.Csv(
                from day in Enumerable.Range(1, 3)
                from i in Enumerable.Range(0, 40)
                select new OldRow($"P-{day}-{i:D2}", At: $"{TestHost.Start.AddDays(-day):yyyy-MM-dd} 10:{i:D2}:00")
            ),
            "--made-up"
        );
        await host.RestartAsync();

        var board = await Townships.BoardAsync(host, "county");

        Assert.Equal((120, 0), (board.N, board.Today.N));
        Assert.Equal([0, 0, 0, 40, 40, 40, 0], board.Days.Select(day => day.N));
    }

    private static async Task RateAsync(TestHost host, string hall, Grade grade, int times)
    {
        var window = (await host.WindowCodesAsync(hall))[0];
        for (var i = 0; i < times; i++)
            await host.RateAsync(grade, window);
    }

    /// <summary>Rates five times, and waits for the release after which the board has n ratings.</summary>
    private static async Task<Board> ReleaseAsync(TestHost host, string hall, Grade grade, int n)
    {
        await RateAsync(host, hall, grade, times: 5);
        return await Screen.AskAsync(host.Client, board => board.N == n, hall);
    }

    private static async Task<HttpResponseMessage> AskAgainAsync(TestHost host, HttpResponseMessage known)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Townships.PathOf(Townships.First))
        {
            Headers = { IfNoneMatch = { known.Headers.ETag! } },
        };
        return await host.Client.SendAsync(request, Ct);
    }
}
