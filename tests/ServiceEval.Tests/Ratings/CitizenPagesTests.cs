using System.Net;
using System.Text.RegularExpressions;
using ServiceEval.Core.Ratings;
using static ServiceEval.Tests.Ratings.CitizenSteps;

namespace ServiceEval.Tests.Ratings;

/// <summary>Tests the way from the faces to the stored grade.</summary>
public sealed partial class CitizenPagesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_tap_stores_the_grade_and_leads_to_a_page_that_names_it()
    {
        await using var host = await TestHost.StartAsync();
        var thanks = await TapAsync(host, Grade.VeryDissatisfied);

        Assert.Contains("非常不满意", await PageAsync(host, thanks), StringComparison.Ordinal);
        Assert.Equal((long)Grade.VeryDissatisfied, (await host.QueryAsync("SELECT Grade FROM Ratings"))[0][0]);
    }

    [Fact]
    public async Task The_five_grades_take_the_same_path_and_get_the_same_answers()
    {
        await using var host = await TestHost.StartAsync();
        var ways = new List<string>();
        foreach (var grade in Grades.All)
            ways.Add(await WayAsync(host, grade));

        Assert.All(ways, way => Assert.Equal(ways[0], way));
    }

    [Fact]
    public async Task Another_grade_on_a_used_ticket_changes_nothing_and_the_page_says_which_counts()
    {
        await using var host = await TestHost.StartAsync();
        var (code, ticket) = await OpenAsync(host);
        using var first = await PostAsync(host, $"/w/{code}", ("ticket", ticket), ("grade", "dissatisfied"));
        using var second = await PostAsync(host, $"/w/{code}", ("ticket", ticket), ("grade", "verySatisfied"));

        Assert.Contains(
            "以先前保存的“不满意”为准",
            await PageAsync(host, second.Headers.Location!.ToString()),
            StringComparison.Ordinal
        );
        Assert.Equal(1, await host.CountAsync("Ratings"));
    }

    [Fact]
    public async Task A_ticket_of_another_window_is_refused_and_nothing_is_stored()
    {
        await using var host = await TestHost.StartAsync();
        var (_, ticket) = await OpenAsync(host);
        var other = (await host.WindowCodesAsync())[1];

        using var response = await PostAsync(host, $"/w/{other}", ("ticket", ticket), ("grade", "satisfied"));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(0, await host.CountAsync("Ratings"));
    }

    [Theory]
    [InlineData("3")]
    [InlineData("VerySatisfied")]
    [InlineData("")]
    public async Task A_grade_that_does_not_exist_shows_the_faces_again(string grade)
    {
        await using var host = await TestHost.StartAsync();
        var (code, ticket) = await OpenAsync(host);

        using var response = await PostAsync(host, $"/w/{code}", ("ticket", ticket), ("grade", grade));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(ticket, await TextAsync(response), StringComparison.Ordinal);
        Assert.Equal(0, await host.CountAsync("Ratings"));
    }

    [Fact]
    public async Task A_post_from_another_site_is_refused_and_one_without_the_header_passes()
    {
        await using var host = await TestHost.StartAsync();
        var (code, ticket) = await OpenAsync(host);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/w/{code}")
        {
            Content = Form(("ticket", ticket), ("grade", "satisfied")),
        };
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        using var refused = await host.Client.SendAsync(request, Ct);
        using var passed = await PostAsync(host, $"/w/{code}", ("ticket", ticket), ("grade", "satisfied"));

        Assert.Equal([HttpStatusCode.Forbidden, HttpStatusCode.SeeOther], [refused.StatusCode, passed.StatusCode]);
    }

    [Fact]
    public async Task Language_and_large_text_are_kept_through_the_tap()
    {
        await using var host = await TestHost.StartAsync();
        var (code, ticket) = await OpenAsync(host);

        using var response = await PostAsync(
            host,
            $"/w/{code}?lang=en&view=elder",
            ("ticket", ticket),
            ("grade", "satisfied")
        );

        Assert.EndsWith("?lang=en&view=elder", response.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_locked_database_is_said_at_once_and_the_same_ticket_works_afterwards()
    {
        await using var host = await TestHost.StartAsync();
        var (code, ticket) = await OpenAsync(host);
        await using (
            var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={host.DatabasePath};Pooling=False")
        )
        {
            await other.OpenAsync(Ct);
            await using var transaction = await other.BeginTransactionAsync(Ct);
            using var refused = await PostAsync(host, $"/w/{code}", ("ticket", ticket), ("grade", "satisfied"));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.Contains(ticket, await TextAsync(refused), StringComparison.Ordinal);
        }

        using var stored = await PostAsync(host, $"/w/{code}", ("ticket", ticket), ("grade", "satisfied"));
        Assert.Equal(HttpStatusCode.SeeOther, stored.StatusCode);
    }

    [Fact]
    public async Task The_first_view_is_one_small_page_that_no_cache_keeps()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/w/{code}");
        request.Headers.AcceptEncoding.ParseAdd("br");

        using var response = await host.Client.SendAsync(request, Ct);

        Assert.Equal("br", Assert.Single(response.Content.Headers.ContentEncoding));
        Assert.InRange((await response.Content.ReadAsByteArrayAsync(Ct)).Length, 1, 15 * 1024);
        Assert.Equal(
            "no-store, private",
            response.Headers.CacheControl!.ToString().Split(", ").Order().Aggregate((a, b) => a + ", " + b)
        );
    }

    [Fact]
    public async Task Codes_and_receipts_that_do_not_exist_are_not_found()
    {
        await using var host = await TestHost.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.GetAsync("/w/nowhere", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.GetAsync("/r/0000000000000000", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.GetAsync("/h/nowhere", Ct)).StatusCode);
    }

    /// <summary>
    /// Returns everything that a citizen of this grade meets, if it can differ: statuses, headers and elements. Words
    /// are left out.
    /// </summary>
    private static async Task<string> WayAsync(TestHost host, Grade grade)
    {
        var steps = new List<string>();
        var (code, ticket) = await OpenAsync(host);
        var thanks = await StepAsync($"/w/{code}", ("ticket", ticket), ("grade", Words.Wire(grade)));
        await StepAsync($"/w/{code}", ("ticket", ticket), ("grade", Words.Wire(grade)));
        await StepAsync(thanks);
        var tag = (string)
            (await host.QueryAsync($"SELECT Code FROM Tags WHERE Grade = {(int)grade} ORDER BY Code"))[0][0]!;
        await StepAsync(thanks, ("tags", tag), ("comment", "等了两小时"));
        await StepAsync(thanks, ("comment", "别的"));
        var other = Grades.All[((int)grade + 1) % Grades.All.Count];
        await StepAsync(thanks + "/correction", ("grade", Words.Wire(other)));
        await StepAsync(thanks + "/correction", ("grade", Words.Wire(grade)));

        using var given = await host.PostRatingAsync(
            new { ticket = (await host.TicketAsync()).Ticket, grade = Words.Wire(grade) }
        );
        steps.Add(
            $"{(int)given.StatusCode} {Headers(given)} {Names().Replace(await given.Content.ReadAsStringAsync(Ct), "$1:")}"
        );
        return string.Join('\n', steps);

        async Task<string> StepAsync(string path, params (string, string)[] fields)
        {
            using var response = await PostAsync(host, path, fields);
            var next = response.Headers.Location?.ToString();
            var page = next is null ? await TextAsync(response) : await PageAsync(host, next);
            steps.Add(
                $"{(int)response.StatusCode} {Headers(response)} {string.Join(' ', Elements().Matches(page).Select(m => m.Groups[1].Value))}"
            );
            return next ?? path;
        }

        static string Headers(HttpResponseMessage response) =>
            string.Join(
                ',',
                response.Headers.Concat(response.Content.Headers).Select(h => h.Key).Order(StringComparer.Ordinal)
            );
    }

    /// <summary>Matches the name of a JSON property with its value, because the value may differ.</summary>
    [GeneratedRegex("""("\w+"):(?:"[^"]*"|\d+) *""")]
    private static partial Regex Names();

    [GeneratedRegex("<(/?[a-z0-9]+)")]
    private static partial Regex Elements();
}
