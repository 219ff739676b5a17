using System.Net;
using System.Text.RegularExpressions;
using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Tests.Ratings;

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
        foreach (var grade in Grades.All) ways.Add(await WayAsync(host, grade));

        Assert.All(ways, way => Assert.Equal(ways[0], way));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?view=elder")]
    [InlineData("?lang=en")]
    public async Task Every_thanks_page_says_alike_whom_to_turn_to(string view)
    {
        await using var host = await TestHost.StartAsync();
        var telephone = (string)(await host.QueryAsync("SELECT Telephone FROM Halls"))[0][0]!;
        foreach (var grade in Grades.All)
        {
            var page = WebUtility.HtmlDecode(await PageAsync(host, await TapAsync(host, grade) + view));
            Assert.Contains(telephone, page, StringComparison.Ordinal);
            Assert.Contains("12345", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Another_grade_on_a_used_ticket_changes_nothing_and_the_page_says_which_counts()
    {
        await using var host = await TestHost.StartAsync();
        var (code, ticket) = await OpenAsync(host);
        using var first = await PostAsync(host, $"/w/{code}", ("ticket", ticket), ("grade", "dissatisfied"));
        using var second = await PostAsync(host, $"/w/{code}", ("ticket", ticket), ("grade", "verySatisfied"));

        Assert.Contains("以先前保存的“不满意”为准", await PageAsync(host, second.Headers.Location!.ToString()), StringComparison.Ordinal);
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

    [Fact]
    public async Task A_grade_may_be_corrected_once_within_two_minutes_and_both_stay()
    {
        await using var host = await TestHost.StartAsync();
        var thanks = await TapAsync(host, Grade.VerySatisfied);
        host.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(HttpStatusCode.SeeOther, await CorrectAsync("dissatisfied"));
        Assert.Equal(HttpStatusCode.SeeOther, await CorrectAsync("dissatisfied"));
        Assert.Equal(HttpStatusCode.Conflict, await CorrectAsync("satisfied"));
        Assert.Equal(1, await host.CountAsync("Ratings"));
        Assert.Equal(1, await host.CountAsync("Corrections"));
        Assert.Equal([0L, 1L], (await host.QueryAsync("SELECT VerySatisfied, Dissatisfied FROM TalliesByHour"))[0]);

        async Task<HttpStatusCode> CorrectAsync(string grade)
        {
            using var response = await PostAsync(host, thanks + "/correction", ("grade", grade));
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task After_two_minutes_a_correction_comes_too_late()
    {
        await using var host = await TestHost.StartAsync();
        var thanks = await TapAsync(host, Grade.VerySatisfied);
        host.Clock.Advance(TimeSpan.FromMinutes(2) + TimeSpan.FromMilliseconds(1));

        using var response = await PostAsync(host, thanks + "/correction", ("grade", "dissatisfied"));

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
    }

    [Fact]
    public async Task Details_are_given_once_and_script_in_them_is_shown_as_text()
    {
        await using var host = await TestHost.StartAsync();
        var thanks = await TapAsync(host, Grade.Dissatisfied);
        (string, string)[] details = [("tags", "207"), ("tags", "209"), ("comment", "<script>alert(1)</script>")];

        Assert.Equal(HttpStatusCode.SeeOther, (await PostAsync(host, thanks, details)).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await PostAsync(host, thanks, details)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync(host, thanks, ("tags", "208"))).StatusCode);
        var page = await PageAsync(host, thanks);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert(1)", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_typed_is_still_there_when_it_can_not_be_stored()
    {
        await using var host = await TestHost.StartAsync();
        var thanks = await TapAsync(host, Grade.Dissatisfied);

        using var wrongTag = await PostAsync(host, thanks, ("tags", "510"), ("comment", "等了两小时"));
        using var tooLong = await PostAsync(host, thanks, ("comment", new string('长', 501)));

        Assert.Equal([HttpStatusCode.BadRequest, HttpStatusCode.BadRequest], [wrongTag.StatusCode, tooLong.StatusCode]);
        Assert.Contains("等了两小时", WebUtility.HtmlDecode(await wrongTag.Content.ReadAsStringAsync(Ct)), StringComparison.Ordinal);
        Assert.Equal(0, await host.CountAsync("RatingDetails"));
    }

    [Fact]
    public async Task A_search_of_a_whole_book_is_cut_to_what_the_field_takes()
    {
        await using var host = await TestHost.StartAsync();
        var thanks = await TapAsync(host, Grade.Satisfied);

        using var response = await PostAsync(host, thanks, ("search", "1"), ("q", new string('a', 20_000)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains($"value=\"{new string('a', 40)}\"", await TextAsync(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Searching_an_item_keeps_the_page_and_stores_nothing()
    {
        await using var host = await TestHost.StartAsync();
        var thanks = await TapAsync(host, Grade.Satisfied);

        using var response = await PostAsync(host, thanks, ("q", "退休"), ("search", "1"), ("comment", "还没写完"));
        var page = WebUtility.HtmlDecode(await TextAsync(response));

        Assert.Contains("职工正常退休（职）申请", page, StringComparison.Ordinal);
        Assert.Contains("还没写完", page, StringComparison.Ordinal);
        Assert.Equal(0, await host.CountAsync("RatingDetails"));
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
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/w/{code}") { Content = Form(("ticket", ticket), ("grade", "satisfied")) };
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

        using var response = await PostAsync(host, $"/w/{code}?lang=en&view=elder", ("ticket", ticket), ("grade", "satisfied"));

        Assert.EndsWith("?lang=en&view=elder", response.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_locked_database_is_said_at_once_and_the_same_ticket_works_afterwards()
    {
        await using var host = await TestHost.StartAsync();
        var (code, ticket) = await OpenAsync(host);
        await using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={host.DatabasePath};Pooling=False"))
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
        Assert.Equal("no-store, private", response.Headers.CacheControl!.ToString().Split(", ").Order().Aggregate((a, b) => a + ", " + b));
    }

    [Fact]
    public async Task Codes_and_receipts_that_do_not_exist_are_not_found()
    {
        await using var host = await TestHost.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.GetAsync("/w/nowhere", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.GetAsync("/r/0000000000000000", Ct)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.GetAsync("/h/nowhere", Ct)).StatusCode);
    }

    private static async Task<(string Code, string Ticket)> OpenAsync(TestHost host)
    {
        var code = (await host.WindowCodesAsync())[0];
        var page = await PageAsync(host, $"/w/{code}");
        return (code, TicketField().Match(page).Groups[1].Value);
    }

    private static async Task<string> TapAsync(TestHost host, Grade grade)
    {
        var (code, ticket) = await OpenAsync(host);
        using var response = await PostAsync(host, $"/w/{code}", ("ticket", ticket), ("grade", Words.Wire(grade)));
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        return response.Headers.Location!.ToString();
    }

    private static async Task<string> PageAsync(TestHost host, string path)
    {
        using var response = await host.Client.GetAsync(path, Ct);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await TextAsync(response);
    }

    private static Task<string> TextAsync(HttpResponseMessage response) => response.Content.ReadAsStringAsync(Ct);

    private static Task<HttpResponseMessage> PostAsync(TestHost host, string path, params (string Name, string Value)[] fields) =>
        host.Client.PostAsync(path, Form(fields), Ct);

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(f => new KeyValuePair<string, string>(f.Name, f.Value)));

    /// <summary>All that happens to a citizen of this grade, as far as it can differ: statuses, headers and elements, not words.</summary>
    private static async Task<string> WayAsync(TestHost host, Grade grade)
    {
        var steps = new List<string>();
        var (code, ticket) = await OpenAsync(host);
        var thanks = await StepAsync($"/w/{code}", ("ticket", ticket), ("grade", Words.Wire(grade)));
        await StepAsync($"/w/{code}", ("ticket", ticket), ("grade", Words.Wire(grade)));
        await StepAsync(thanks);
        var tag = (string)(await host.QueryAsync($"SELECT Code FROM Tags WHERE Grade = {(int)grade} ORDER BY Code"))[0][0]!;
        await StepAsync(thanks, ("tags", tag), ("comment", "等了两小时"));
        await StepAsync(thanks, ("comment", "别的"));
        var other = Grades.All[((int)grade + 1) % Grades.All.Count];
        await StepAsync(thanks + "/correction", ("grade", Words.Wire(other)));
        await StepAsync(thanks + "/correction", ("grade", Words.Wire(grade)));

        using var given = await host.PostRatingAsync(new { ticket = (await host.TicketAsync()).Ticket, grade = Words.Wire(grade) });
        steps.Add($"{(int)given.StatusCode} {Headers(given)} {Names().Replace(await given.Content.ReadAsStringAsync(Ct), "$1:")}");
        return string.Join('\n', steps);

        async Task<string> StepAsync(string path, params (string, string)[] fields)
        {
            using var response = await PostAsync(host, path, fields);
            var next = response.Headers.Location?.ToString();
            var page = next is null ? await TextAsync(response) : await PageAsync(host, next);
            steps.Add($"{(int)response.StatusCode} {Headers(response)} {string.Join(' ', Elements().Matches(page).Select(m => m.Groups[1].Value))}");
            return next ?? path;
        }

        static string Headers(HttpResponseMessage response) =>
            string.Join(',', response.Headers.Concat(response.Content.Headers).Select(h => h.Key).Order(StringComparer.Ordinal));
    }

    /// <summary>A JSON property's name, and its value, which may differ.</summary>
    [GeneratedRegex("""("\w+"):(?:"[^"]*"|\d+)""")]
    private static partial Regex Names();

    [GeneratedRegex("name=\"ticket\" value=\"([A-Za-z0-9_-]{64})\"")]
    private static partial Regex TicketField();

    [GeneratedRegex("<(/?[a-z0-9]+)")]
    private static partial Regex Elements();
}
