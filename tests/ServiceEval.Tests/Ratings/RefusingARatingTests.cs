using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace ServiceEval.Tests.Ratings;

public sealed class RefusingARatingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("\"SATISFIED\"")]
    [InlineData("\" satisfied \"")]
    [InlineData("\"satisfied, verySatisfied\"")]
    [InlineData("\"2\"")]
    [InlineData("2")]
    public async Task A_grade_that_is_not_exactly_one_of_the_five_names_is_refused_and_nothing_is_stored(string grade)
    {
        await using var host = await TestHost.StartAsync();
        var ticket = await host.TicketAsync();

        await TestHost.AssertProblemAsync(
            await PostJsonAsync(host, $$"""{"ticket":"{{ticket.Ticket}}","grade":{{grade}}}"""),
            400,
            "invalid"
        );
        Assert.Equal(0, await host.CountAsync("Ratings"));
    }

    [Theory]
    [InlineData("\"channel\":\"qr, pc\"")]
    [InlineData("\"channel\":\"pc\"")]
    [InlineData("\"tags\":[null]")]
    [InlineData("\"comment\":\"\\uD83D\"")]
    public async Task A_grade_with_an_invalid_field_is_refused_and_nothing_is_stored(string field)
    {
        await using var host = await TestHost.StartAsync();
        var ticket = await host.TicketAsync();

        await TestHost.AssertProblemAsync(
            await PostJsonAsync(host, $$"""{"ticket":"{{ticket.Ticket}}","grade":"satisfied",{{field}}}"""),
            400,
            "invalid"
        );
        Assert.Equal(0, await host.CountAsync("Ratings"));
    }

    [Fact]
    public async Task A_stored_ticket_gets_the_stored_answer_even_if_the_second_request_is_invalid()
    {
        await using var host = await TestHost.StartAsync();
        var ticket = await host.TicketAsync();
        await TestHost.ReadAsync<object>(
            await host.PostRatingAsync(new { ticket = ticket.Ticket, grade = "satisfied" }),
            HttpStatusCode.Created
        );

        await TestHost.ReadAsync<object>(await host.PostRatingAsync(new { ticket = ticket.Ticket }));
        await TestHost.ReadAsync<object>(
            await PostJsonAsync(host, $$"""{"ticket":"{{ticket.Ticket}}","grade":"satisfied","tags":["nowhere"]}""")
        );
    }

    [Theory]
    [InlineData('!')]
    [InlineData('评')]
    public async Task A_ticket_of_no_known_letters_is_invalid_like_any_other_forgery(char letter)
    {
        await using var host = await TestHost.StartAsync();
        await TestHost.AssertProblemAsync(
            await host.PostRatingAsync(new { ticket = new string(letter, 64), grade = "satisfied" }),
            403,
            "ticket-invalid"
        );
    }

    [Fact]
    public async Task A_form_that_can_not_be_read_is_said_on_a_page()
    {
        await using var host = await TestHost.StartAsync();
        using var garbage = new ByteArrayContent("garbage"u8.ToArray());
        garbage.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");

        using var response = await host.Client.PostAsync($"/w/{(await host.WindowCodesAsync())[0]}", garbage, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_revoked_code_gives_no_ticket_and_does_not_name_its_successor()
    {
        await using var host = await TestHost.StartAsync();
        var revoked = (await host.WindowCodesAsync())[0];
        await host.CommandAsync("windows", "revoke", revoked);
        await host.RestartAsync();
        var successor = (await host.WindowCodesAsync())[0];

        using var form = new FormUrlEncodedContent([new("ticket", "junk"), new("grade", "satisfied")]);
        using var response = await host.Client.PostAsync($"/w/{revoked}", form, Ct);
        var page = await response.Content.ReadAsStringAsync(Ct);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.NotEqual(revoked, successor);
        Assert.DoesNotContain(successor, page, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"ticket\"", page, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> PostJsonAsync(TestHost host, string json) =>
        host.Client.PostAsync("/api/v1/ratings", new StringContent(json, Encoding.UTF8, "application/json"), Ct);
}
