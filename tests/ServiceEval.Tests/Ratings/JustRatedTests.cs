using System.Net;
using ServiceEval.Core.Ratings;
using static ServiceEval.Tests.Ratings.CitizenSteps;

namespace ServiceEval.Tests.Ratings;

/// <summary>
/// A citizen goes back after a wrong tap, or opens a second tab. Within two minutes the page asks before it takes
/// another rating.
/// </summary>
public sealed class JustRatedTests
{
    private const string Question = "您刚评过“不满意”。改选，还是再评一次？";

    [Theory]
    [InlineData("", Question)]
    [InlineData("?lang=en", "You have just rated “Dissatisfied”. Change it, or rate once more?")]
    public async Task Back_within_two_minutes_asks_and_stores_nothing(string view, string question)
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        using var phone = new Phone(host);
        await phone.RateAsync(code, Grade.Dissatisfied);
        host.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Contains(question, await phone.PageAsync($"/w/{code}{view}"), StringComparison.Ordinal);
        Assert.Equal(1, await host.CountAsync("Ratings"));
    }

    [Fact]
    public async Task Changing_corrects_the_rating_just_given()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        using var phone = new Phone(host);
        var thanks = await phone.RateAsync(code, Grade.Dissatisfied);
        host.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Contains(
            $"action=\"{thanks}/correction\"",
            await phone.PageAsync($"/w/{code}"),
            StringComparison.Ordinal
        );
        using var changed = await phone.PostAsync(
            $"{thanks}/correction",
            ("grade", Words.OfButton(Grade.VerySatisfied))
        );

        Assert.Equal(thanks, changed.Headers.Location!.ToString());
        Assert.Equal(1, await host.CountAsync("Ratings"));
        var page = await phone.PageAsync($"/w/{code}");
        Assert.Contains("您刚评过“非常满意”", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/correction\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rating_once_more_counts_and_may_be_done_again()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        using var phone = new Phone(host);
        foreach (var grade in (Grade[])[Grade.Dissatisfied, Grade.Satisfied, Grade.Dissatisfied])
        {
            await phone.RateAsync(code, grade);
            host.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(3, await host.CountAsync("Ratings"));
        Assert.Contains(Question, await phone.PageAsync($"/w/{code}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tap_in_a_second_tab_is_asked_about_and_goes_through_on_the_next_tap()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        using var phone = new Phone(host);
        var (first, second) = (await phone.OpenAsync(code), await phone.OpenAsync(code));
        host.Clock.Advance(TimeSpan.FromSeconds(3));
        using var rated = await phone.TapAsync(code, first, Grade.Dissatisfied);
        host.Clock.Advance(TimeSpan.FromSeconds(3));

        using var asked = await phone.TapAsync(code, second, Grade.Satisfied);
        var page = await TextAsync(asked);
        Assert.Equal((HttpStatusCode.OK, 1L), (asked.StatusCode, await host.CountAsync("Ratings")));
        Assert.Contains(Question, page, StringComparison.Ordinal);
        Assert.Contains("现在选的“满意”还没有保存。", page, StringComparison.Ordinal);

        using var again = await phone.TapAsync(code, Phone.TicketOf(page), Grade.Satisfied);
        Assert.Equal(HttpStatusCode.SeeOther, again.StatusCode);
        Assert.Equal(
            [4L, 2L],
            (await host.QueryAsync("SELECT Grade FROM Ratings ORDER BY Block")).Select(r => (long)r[0]!)
        );
    }

    [Fact]
    public async Task The_same_ticket_once_more_is_the_same_rating_and_no_question()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        using var phone = new Phone(host);
        var (first, second) = (await phone.OpenAsync(code), await phone.OpenAsync(code));
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        using var rated = await phone.TapAsync(code, first, Grade.Dissatisfied);
        using var more = await phone.TapAsync(
            code,
            Phone.TicketOf(await phone.PageAsync($"/w/{code}")),
            Grade.Satisfied
        );

        using var replay = await phone.TapAsync(code, first, Grade.Dissatisfied);

        Assert.Equal(rated.Headers.Location, replay.Headers.Location);
        Assert.Equal(2, await host.CountAsync("Ratings"));
    }

    [Fact]
    public async Task After_two_minutes_at_another_window_or_without_cookies_nobody_is_asked()
    {
        await using var host = await TestHost.StartAsync();
        var codes = await host.WindowCodesAsync();
        using var phone = new Phone(host);
        using var another = new Phone(host);
        await phone.RateAsync(codes[0], Grade.Dissatisfied);

        Assert.DoesNotContain("您刚评过", await phone.PageAsync($"/w/{codes[1]}"), StringComparison.Ordinal);
        Assert.DoesNotContain("您刚评过", await another.PageAsync($"/w/{codes[0]}"), StringComparison.Ordinal);
        var (ticket, cookie) = (await phone.OpenAsync(codes[0]), phone.CookieAt(codes[0], "serviceeval-rated"));
        host.Clock.Advance(TimeSpan.FromMinutes(2) + TimeSpan.FromMilliseconds(1));
        var late = await Wire.AnswerAsync(host, "GET", $"/w/{codes[0]}", cookie: $"serviceeval-rated={cookie}");
        Assert.Equal(200, Wire.StatusOf(late));
        Assert.Equal("br", Wire.HeaderOf(late, "Content-Encoding"));
        using var stored = await another.TapAsync(codes[0], ticket, Grade.Satisfied);
        Assert.Equal(HttpStatusCode.SeeOther, stored.StatusCode);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task An_invalid_mark_counts_as_no_mark(string cookie)
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];

        var page = await Wire.AnswerAsync(host, "GET", $"/w/{code}", cookie: $"serviceeval-rated={cookie}");
        var stored = await Wire.AnswerAsync(
            host,
            "POST",
            $"/w/{code}",
            $"ticket={(await host.TicketAsync()).Ticket}&grade=satisfied",
            cookie: $"serviceeval-rated={cookie}"
        );

        Assert.Equal((200, 303), (Wire.StatusOf(page), Wire.StatusOf(stored)));
    }

    [Fact]
    public async Task A_revoked_code_offers_the_change_and_no_other_rating()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        using var phone = new Phone(host);
        var second = await phone.OpenAsync(code);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await phone.RateAsync(code, Grade.Dissatisfied);
        Assert.Equal(0, (await host.CommandAsync("windows", "revoke", code)).ExitCode);
        await host.Part<Web.Features.Places.HallDirectory>().RefreshAsync(TestContext.Current.CancellationToken);

        using var asked = await phone.TapAsync(code, second, Grade.Satisfied);
        var page = await TextAsync(asked);

        Assert.Contains(Question, page, StringComparison.Ordinal);
        Assert.Contains("/correction\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"ticket\"", page, StringComparison.Ordinal);
    }
}
