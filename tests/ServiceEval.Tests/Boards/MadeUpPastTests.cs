using System.Net;
using ServiceEval.Tests.Exchange;
using ServiceEval.Web.Features.Boards;

namespace ServiceEval.Tests.Boards;

/// <summary>
/// The screens of a demonstration look as after weeks of use. Real screens show only the ratings of citizens.
/// </summary>
public sealed class MadeUpPastTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_demonstrations_screen_shows_its_made_up_past_by_the_days_it_was_made_up_for()
    {
        await using var host = await TestHost.StartAsync();
        var (exitCode, _, errors) = await host.ImportAsync(Past(days: 20, eachDay: 40), "--made-up");
        Assert.True(exitCode == 0, errors);

        await host.RestartAsync();
        var board = await BoardAsync(host);

        Assert.Equal((800, 0, 0), (board.N, board.ReceivedToday, board.Today.N));
        Assert.Equal([40, 40, 40, 40, 40, 40, 0], board.Days.Select(d => d.N));
        Assert.All(board.Days.SkipLast(1), day => Assert.Equal(1, day.Rate));
        await host.AssertNothingWrongAsync();
    }

    [Fact]
    public async Task A_screen_that_is_on_shows_each_part_of_a_made_up_past_after_its_import()
    {
        await using var host = await TestHost.StartAsync();
        var etag = await UntilBoardAsync(host, etag: null, n: 0);

        Assert.Equal(0, (await host.ImportAsync(Past(days: 10, eachDay: 40), "--made-up")).ExitCode);
        etag = await UntilBoardAsync(host, etag, n: 400);

        Assert.Equal(0, (await host.ImportAsync(Past(days: 20, eachDay: 40), "--made-up")).ExitCode);
        await UntilBoardAsync(host, etag, n: 800);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_no_made_up_past()
    {
        await using var host = await TestHost.StartAsync();

        Assert.Equal(1, (await host.ImportFileAsync("none.csv", "--made-up")).ExitCode);

        Assert.Equal(0L, Assert.Single(await host.QueryAsync("SELECT ShowsMadeUpPast FROM Installation"))[0]);
    }

    [Fact]
    public async Task Without_the_option_even_a_demonstrations_screen_shows_nothing_of_an_import()
    {
        await using var host = await TestHost.StartAsync();
        Assert.Equal(0, (await host.ImportAsync(Past(days: 2, eachDay: 40))).ExitCode);

        await host.RestartAsync();

        Assert.Equal(0, (await BoardAsync(host)).N);
    }

    [Fact]
    public async Task A_real_database_refuses_a_made_up_past_and_imports_nothing()
    {
        await using var host = await TestHost.StartAsync();
        await host.QueryAsync("UPDATE Installation SET Demo = 0");

        var (exitCode, _, errors) = await host.ImportAsync(Past(days: 1, eachDay: 1), "--made-up");

        Assert.Equal(1, exitCode);
        Assert.Contains("这不是演示数据库", errors, StringComparison.Ordinal);
        Assert.Empty(await host.QueryAsync("SELECT 1 FROM Ratings"));
    }

    /// <summary>Polls as a screen does, until the board has this many ratings. Returns its ETag.</summary>
    private static async Task<string> UntilBoardAsync(TestHost host, string? etag, int n)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/halls/{TestHost.Hall}/board");
            if (etag is not null)
                request.Headers.Add("If-None-Match", etag);
            using var response = await host.Client.SendAsync(request, patience.Token);
            if (response.StatusCode != HttpStatusCode.NotModified)
            {
                etag = response.Headers.ETag!.ToString();
                if ((await TestHost.ReadAsync<Board>(response)).N == n)
                    return etag;
            }
            await Task.Delay(100, patience.Token);
        }
    }

    private static async Task<Board> BoardAsync(TestHost host) =>
        await TestHost.ReadAsync<Board>(await host.Client.GetAsync($"/api/v1/halls/{TestHost.Hall}/board", Ct));

    /// <summary>Returns a history up to yesterday by the host's clock.</summary>
    private static string Past(int days, int eachDay) =>
        Importing.Csv(
            from day in Enumerable.Range(1, days)
            from i in Enumerable.Range(0, eachDay)
            select new OldRow($"P-{day:D2}-{i:D2}", At: $"{TestHost.Start.AddDays(-day):yyyy-MM-dd} 10:{i:D2}:00")
        );
}
