using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Tests.Ratings;

/// <summary>Invalid input gets one sentence and the right status. Nothing of it is stored.</summary>
public sealed class RefusedInputTests(RefusedInputTests.Shared shared) : IClassFixture<RefusedInputTests.Shared>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestHost Host => shared.Host;

    /// <summary>Bodies of a rating. TICKET is replaced by a valid ticket.</summary>
    public static TheoryData<string, int, string> Ratings =>
        new()
        {
            { """{"ticket":"TICKET","grade":"excellent"}""", 400, "invalid" },
            { """{"ticket":"TICKET","grade":1}""", 400, "invalid" },
            { """{"ticket":"TICKET","grade":"1"}""", 400, "invalid" },
            { """{"ticket":"TICKET","grade":null}""", 400, "invalid" },
            { """{"ticket":"TICKET"}""", 400, "invalid" },
            { """{"ticket":"TICKET","grade":["satisfied"]}""", 400, "invalid" },
            { """{"ticket":"TICKET","grade":"satisfied","grade":"dissatisfied"}""", 400, "invalid" },
            { """{"ticket":"TICKET","grade":"dissatisfied","tags":["510"]}""", 400, "invalid" },
            { """{"ticket":"TICKET","grade":"dissatisfied","tags":["207","201"]}""", 400, "invalid" },
            { """{"ticket":"TICKET","grade":"dissatisfied","tags":["207","9999"]}""", 400, "invalid" },
            { """{"ticket":"TICKET","grade":"dissatisfied","tags":[null]}""", 400, "invalid" },
            { """{"ticket":"TICKET","grade":"dissatisfied","tags":"207"}""", 400, "invalid" },
            { """{"ticket":"TICKET","grade":"dissatisfied","itemCode":"nothing"}""", 400, "invalid" },
            { """{"ticket":"TICKET","grade":"dissatisfied","channel":"phone"}""", 400, "invalid" },
            { """{"ticket":"TICKET","grade":"dissatisfied","channel":3}""", 400, "invalid" },
            { """{"ticket":"TICKET","grade":"dissatisfied","comment":"a\ud83db"}""", 400, "invalid" },
            { """{"ticket":"TICKET","grade":"dissatisfied","comment":7}""", 400, "invalid" },
            { """{"ticket":null,"grade":"satisfied"}""", 400, "ticket-missing" },
            { """{"ticket":"","grade":"satisfied"}""", 400, "ticket-missing" },
            { """{"grade":"satisfied"}""", 400, "ticket-missing" },
            { """{"ticket":7,"grade":"satisfied"}""", 400, "invalid" },
            { """{"ticket":"票据","grade":"satisfied"}""", 403, "ticket-invalid" },
            { """{"ticket":"TICKET""", 400, "invalid" },
            { "null", 400, "invalid" },
            { "[]", 400, "invalid" },
            { "", 400, "invalid" },
        };

    [Theory]
    [MemberData(nameof(Ratings))]
    public async Task An_invalid_rating_is_refused_and_nothing_of_it_is_stored(string body, int status, string name)
    {
        var ticket = (await Host.TicketAsync()).Ticket;
        await AssertRefusedAsync(
            "/api/v1/ratings",
            Json(body.Replace("TICKET", ticket, StringComparison.Ordinal)),
            status,
            name
        );
    }

    [Theory]
    [InlineData("{}", 404, "window-unknown")]
    [InlineData("""{"windowCode":null}""", 404, "window-unknown")]
    [InlineData("""{"windowCode":"nowhere"}""", 404, "window-unknown")]
    [InlineData("""{"windowCode":"CODE","visit":{"caseNumber":"1"}}""", 400, "invalid")]
    [InlineData("""{"windowCode":"CODE","windowCode":"CODE"}""", 400, "invalid")]
    [InlineData("null", 400, "invalid")]
    [InlineData("", 400, "invalid")]
    public async Task An_invalid_ticket_request_is_refused(string body, int status, string name)
    {
        var code = (await Host.WindowCodesAsync())[0];
        await AssertRefusedAsync(
            "/api/v1/tickets",
            Json(body.Replace("CODE", code, StringComparison.Ordinal)),
            status,
            name
        );
    }

    [Fact]
    public async Task Deep_nesting_is_a_malformed_body() =>
        await AssertRefusedAsync(
            "/api/v1/tickets",
            Json($$"""{"windowCode":"x","visit":{{new string('[', 5000)}}{{new string(']', 5000)}}}"""),
            400,
            "invalid"
        );

    [Fact]
    public async Task Bytes_that_are_no_text_are_a_malformed_body()
    {
        var ticket = (await Host.TicketAsync()).Ticket;
        byte[] body =
        [
            .. Encoding.UTF8.GetBytes($$"""{"ticket":"{{ticket}}","grade":"dissatisfied","comment":"a"""),
            0xff,
            0xc0,
            .. "\"}"u8,
        ];
        using var content = new ByteArrayContent(body)
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        };
        await AssertRefusedAsync("/api/v1/ratings", content, 400, "invalid");
    }

    [Theory]
    [InlineData(64 * 1024 + 1)]
    [InlineData(100 * 1024)]
    [InlineData(10 * 1024 * 1024)]
    public async Task Too_large_a_body_is_refused_by_its_length(int length)
    {
        var ticket = (await Host.TicketAsync()).Ticket;
        var start = $$"""{"ticket":"{{ticket}}","grade":"dissatisfied","comment":"1""";
        await AssertRefusedAsync(
            "/api/v1/ratings",
            Json(start + new string('1', length - start.Length - 2) + "\"}"),
            413,
            "too-large"
        );
    }

    [Fact]
    public async Task A_body_of_exactly_the_limit_is_read_and_judged_by_what_it_says()
    {
        var ticket = (await Host.TicketAsync()).Ticket;
        var start = $$"""{"ticket":"{{ticket}}","grade":"dissatisfied","comment":"1""";
        await AssertRefusedAsync(
            "/api/v1/ratings",
            Json(start + new string('1', 64 * 1024 - start.Length - 2) + "\"}"),
            400,
            "invalid"
        );
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task The_interface_takes_json_only(string type)
    {
        foreach (var path in (string[])["/api/v1/ratings", "/api/v1/tickets"])
        {
            using var content = new StringContent("ticket=x&grade=satisfied", Encoding.UTF8, type);
            await AssertRefusedAsync(path, content, 415, "unsupported-media");
        }
    }

    [Fact]
    public async Task Five_hundred_characters_outside_the_basic_plane_fit_and_one_more_does_not()
    {
        var ticket = (await Host.TicketAsync()).Ticket;
        using (
            var refused = await Host.PostRatingAsync(
                new
                {
                    ticket,
                    grade = "dissatisfied",
                    comment = Repeat("😀", 501),
                }
            )
        )
            await TestHost.AssertProblemAsync(refused, 400, "invalid");
        Assert.Equal(0L, await StoredAsync(ticket));

        using var stored = await Host.PostRatingAsync(
            new
            {
                ticket,
                grade = "dissatisfied",
                comment = Repeat("😀", 500),
            }
        );
        Assert.Equal(HttpStatusCode.Created, stored.StatusCode);
    }

    [Fact]
    public async Task New_lines_and_tabs_are_kept_and_what_is_not_asked_for_is_ignored()
    {
        var ticket = (await Host.TicketAsync()).Ticket;
        using var stored = await Host.PostRatingAsync(
            new
            {
                ticket,
                grade = "dissatisfied",
                comment = " 第一行\r\n\t第二行 ",
                age = 40,
            }
        );
        var rating = await TestHost.ReadAsync<RatingResponse>(stored, HttpStatusCode.Created);

        var rows = await Host.QueryAsync(
            "SELECT Comment FROM RatingDetails WHERE RatingId = $1",
            rating.RatingId.ToByteArray(bigEndian: true)
        );
        Assert.Equal("第一行\n\t第二行", rows[0][0]);
    }

    [Fact]
    public async Task A_ticket_with_any_bit_flipped_is_forged()
    {
        var ticket = (await Host.TicketAsync()).Ticket;
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(ticket);
        for (var i = 0; i < bytes.Length; i++)
        {
            var forged = bytes.ToArray();
            forged[i] ^= (byte)(1 << (i % 8));
            using var response = await Host.PostRatingAsync(
                new { ticket = System.Buffers.Text.Base64Url.EncodeToString(forged), grade = "satisfied" }
            );
            await TestHost.AssertProblemAsync(response, 403, "ticket-invalid");
        }
        Assert.Equal(0L, await StoredAsync(ticket));
    }

    [Theory]
    [InlineData("OPTIONS", "/w/CODE")]
    [InlineData("PUT", "/w/CODE")]
    [InlineData("DELETE", "/r/0000000000000000")]
    [InlineData("PUT", "/r/0000000000000000/correction")]
    [InlineData("GET", "/api/v1/ratings")]
    [InlineData("PUT", "/api/v1/ratings")]
    [InlineData("OPTIONS", "/api/v1/tickets")]
    [InlineData("POST", "/api/v1/halls")]
    [InlineData("PATCH", "/api/v1/halls/example/board")]
    [InlineData("POST", "/reports")]
    public async Task Another_method_is_not_allowed(string method, string path)
    {
        var code = (await Host.WindowCodesAsync())[0];
        using var request = new HttpRequestMessage(
            new HttpMethod(method),
            path.Replace("CODE", code, StringComparison.Ordinal)
        );
        using var response = await Host.Client.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    /// <summary>Returns the number of rows of the rating that this ticket would give.</summary>
    private async Task<long> StoredAsync(string ticket)
    {
        var id = System.Buffers.Text.Base64Url.DecodeFromChars(ticket)[3..19];
        return (long)
            (
                await Host.QueryAsync(
                    "SELECT (SELECT COUNT(*) FROM Ratings WHERE Id = $1) + (SELECT COUNT(*) FROM RatingDetails WHERE RatingId = $1)",
                    id
                )
            )[0][0]!;
    }

    private async Task AssertRefusedAsync(string path, HttpContent content, int status, string name)
    {
        var before = await EntriesAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        // With this header the client does not send a body that the server refuses, so it can read the refusal.
        request.Headers.ExpectContinue = true;
        using var response = await Host.Client.SendAsync(request, Ct);
        await TestHost.AssertProblemAsync(response, status, name);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);

        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Ct)).RootElement;
        Assert.NotEqual("", problem.GetProperty("detail").GetString());
        Assert.DoesNotContain(" at ServiceEval", problem.ToString(), StringComparison.Ordinal);
        Assert.False(problem.TryGetProperty("exception", out _), "A problem must not tell of the program's inside.");
        Assert.Equal(before, await EntriesAsync());
    }

    private async Task<long> EntriesAsync() =>
        (long)(await Host.QueryAsync("SELECT COALESCE(SUM(Count), 0) FROM LedgerBlocks"))[0][0]!;

    /// <summary>
    /// One host for all tests. Each test checks its own ticket or the new entries of the ledger, and the tests of a
    /// class run one after another.
    /// </summary>
    public sealed class Shared : IAsyncLifetime
    {
        public TestHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Host = await TestHost.StartAsync();
            // Only old data contain retired tags.
            await Host.QueryAsync(
                "INSERT INTO Tags (Code, Grade, Text, TextEn, Basic, Version, Retired) VALUES ('201', 4, '旧标签', 'Old', 0, 1, 1) ON CONFLICT DO NOTHING"
            );
            await Host.QueryAsync("UPDATE Installation SET DirectoryVersion = DirectoryVersion + 1");
            await Host.RestartAsync();
        }

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
