using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using ServiceEval.Core.Ratings;

namespace ServiceEval.Tests.Ratings;

/// <summary>On the citizens' addresses every refusal is a page with the same status, and no cache keeps it.</summary>
public sealed partial class RefusedFormTests
{
    private const string Form = "application/x-www-form-urlencoded";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_is_posted_the_answer_is_a_page_and_nothing_is_stored()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        var ticket = (await host.TicketAsync()).Ticket;
        var thanks = $"/r/{(await host.RateAsync(Grade.Dissatisfied)).Receipt}";
        (string Path, string Type, string Body, int Status)[] posts =
        [
            ($"/w/{code}", "application/json", "{}", 415),
            ($"/w/{code}", Form, "", 400),
            ($"/w/{code}", Form, "grade=satisfied", 400),
            ($"/w/{code}", Form, $"ticket={ticket}&grade=1", 400),
            ($"/w/{code}", Form, $"ticket={ticket}&grade=satisfied&grade=dissatisfied", 400),
            ($"/w/{code}", Form, $"ticket={ticket[..^1]}{(ticket[^1] == 'A' ? 'B' : 'A')}&grade=satisfied", 403),
            ($"/w/{code}", Form, $"ticket={ticket}&grade=satisfied&x={new string('x', 64 * 1024)}", 413),
            ($"/w/{code}", Form, $"{new string('k', 5000)}=1", 400),
            ($"/w/{code}", Form, string.Concat(Enumerable.Repeat("a=1&", 3000)), 400),
            ($"/w/{code}", "multipart/form-data", "x", 400),
            (
                $"/w/{code}",
                "multipart/form-data; boundary=b",
                "--b\r\nContent-Disposition: form-data; name=\"ticket\"\r\n\r\nx",
                400
            ),
            ("/w/nowhere", Form, $"ticket={ticket}&grade=satisfied", 404),
            (thanks, "text/plain", "comment=x", 415),
            (thanks, Form, "", 400),
            (thanks, Form, "tags=510", 400),
            (thanks, Form, "tags=9999", 400),
            (thanks, Form, "item=nothing", 400),
            (thanks, Form, "comment=a%00b", 400),
            (thanks, Form, "comment=%1b%E2%80%AE", 400),
            (thanks, Form, $"comment={new string('x', 501)}", 400),
            (thanks, Form, $"comment={new string('x', 100 * 1024)}", 413),
            (thanks + "/correction", Form, "grade=5", 400),
            (thanks + "/correction", "application/json", "{}", 415),
            ("/r/0000000000000000", Form, "comment=x", 404),
            ("/r/not-a-receipt/correction", Form, "grade=satisfied", 404),
        ];
        foreach (var (path, type, body, status) in posts)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
            };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            request.Headers.ExpectContinue = true;
            await AssertPageAsync(
                await host.Client.SendAsync(request, Ct),
                status,
                $"{path} {type} {body[..Math.Min(body.Length, 60)]}"
            );
        }
        // The other entry is the first ledger key.
        Assert.Equal(2L, (await host.QueryAsync("SELECT SUM(Count) FROM LedgerBlocks"))[0][0]);
    }

    [Fact]
    public async Task Each_refusal_has_a_sentence_of_its_own_in_English_too()
    {
        await using var host = await TestHost.StartAsync();
        await host.QueryAsync(
            "INSERT INTO Tags (Code, Grade, Text, TextEn, Basic, Version, Retired) VALUES ('299', 4, '旧标签', 'Old reason', 0, 1, 1)"
        );
        await host.QueryAsync("UPDATE Installation SET DirectoryVersion = DirectoryVersion + 1");
        await host.RestartAsync();
        var code = (await host.WindowCodesAsync())[0];
        var ticket = (await host.TicketAsync()).Ticket;
        var thanks = $"/r/{(await host.RateAsync(Grade.Dissatisfied)).Receipt}";
        var sentences = new List<string>();
        foreach (
            var (path, body) in ((string, string)[])
                [
                    ($"/w/{code}", ""),
                    ($"/w/{code}", $"ticket={ticket}"),
                    ($"/w/{code}", string.Concat(Enumerable.Repeat("a=1&", 3000))),
                    (thanks, ""),
                    (thanks, "tags=510"),
                    (thanks, "tags=9999"),
                    (thanks, "tags=299"),
                    (thanks, "item=nothing"),
                    (thanks, $"comment={new string('x', 501)}"),
                    ("/r", "receipt="),
                ]
        )
        {
            using var content = new StringContent(body, Encoding.UTF8, Form);
            using var response = await host.Client.PostAsync($"{path}?lang=en", content, Ct);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            sentences.Add(
                Alert().Match(WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(Ct))).Groups[1].Value
            );
        }

        Assert.All(sentences, sentence => Assert.Matches(@"^[\x20-\x7E“”’]{20,}[.]$", sentence));
        Assert.Equal(sentences.Count, sentences.Distinct().Count());
    }

    [Fact]
    public async Task Every_refused_page_can_be_opened_again_at_its_address_and_its_links_lead_somewhere()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        var thanks = $"/r/{(await host.RateAsync(Grade.Dissatisfied)).Receipt}";
        foreach (var path in (string[])[$"/w/{code}", "/r", thanks, $"{thanks}/correction"])
        {
            using var refused = await host.PostFormAsync($"{path}?lang=en");
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            var links = Link()
                .Matches(WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync(Ct)))
                .Select(m => m.Groups[1].Value);
            foreach (var address in (IEnumerable<string>)[$"{path}?lang=en", .. links])
            {
                using var first = await host.Client.GetAsync(address, Ct);
                using var again =
                    first.StatusCode == HttpStatusCode.SeeOther
                        ? await host.Client.GetAsync(first.Headers.Location, Ct)
                        : null;
                Assert.True(
                    (again ?? first).StatusCode == HttpStatusCode.OK,
                    $"{path}: {address} {(again ?? first).StatusCode}"
                );
            }
        }
    }

    [Theory]
    [InlineData("GET", "/w/nowhere", 404)]
    [InlineData("GET", "/w/a/b/c", 404)]
    [InlineData("GET", "/w/nowhere/sheet", 404)]
    [InlineData("GET", "/r/0000000000000000", 404)]
    [InlineData("GET", "/r/%E7%A5%A8", 404)]
    [InlineData("PUT", "/w/nowhere", 405)]
    [InlineData("PUT", "/r/0000000000000000", 405)]
    public async Task An_unknown_route_is_answered_with_a_page(string method, string path, int status)
    {
        await using var host = await TestHost.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        await AssertPageAsync(await host.Client.SendAsync(request, Ct), status, path);
    }

    [Fact]
    public async Task A_fault_of_ours_is_a_page_too_and_tells_nothing_of_the_inside()
    {
        await using var host = await TestHost.StartAsync();
        var thanks = $"/r/{(await host.RateAsync(Grade.Dissatisfied)).Receipt}";
        // The product never writes such a date and does not expect it.
        await host.QueryAsync("UPDATE Ratings SET LocalDate = 0");

        var page = await AssertPageAsync(await host.Client.GetAsync(thanks, Ct), 500, thanks);
        Assert.DoesNotContain("DateOnly", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Good_pages_are_kept_by_no_cache_either()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        await AssertPageAsync(await host.Client.GetAsync($"/w/{code}", Ct), 200, code);
        var thanks = $"/r/{(await host.RateAsync()).Receipt}";
        await AssertPageAsync(await host.Client.GetAsync(thanks, Ct), 200, thanks);
        using var posted = await host.PostFormAsync(thanks, ("comment", "好"));
        Assert.Equal(
            (HttpStatusCode.SeeOther, true, true),
            (posted.StatusCode, posted.Headers.CacheControl!.NoStore, posted.Headers.CacheControl.Private)
        );
    }

    [Fact]
    public async Task A_post_from_another_site_is_refused_on_every_form()
    {
        await using var host = await TestHost.StartAsync();
        var ticket = (await host.TicketAsync()).Ticket;
        var thanks = $"/r/{(await host.RateAsync(Grade.Dissatisfied)).Receipt}";
        foreach (
            var (path, body) in ((string, string)[])
                [
                    ($"/w/{(await host.WindowCodesAsync())[0]}", $"ticket={ticket}&grade=satisfied"),
                    (thanks, "comment=x"),
                    (thanks + "/correction", "grade=satisfied"),
                ]
        )
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new StringContent(body, Encoding.UTF8, Form),
            };
            request.Headers.Add("Sec-Fetch-Site", "cross-site");
            await AssertPageAsync(await host.Client.SendAsync(request, Ct), 403, path);
        }
        // The other entry is the first ledger key.
        Assert.Equal(2L, (await host.QueryAsync("SELECT SUM(Count) FROM LedgerBlocks"))[0][0]);
    }

    [GeneratedRegex("role=\"alert\">([^<]*)<")]
    private static partial Regex Alert();

    [GeneratedRegex("<a [^>]*href=\"(/[^\"]*)\"")]
    private static partial Regex Link();

    private static async Task<string> AssertPageAsync(HttpResponseMessage response, int status, string what)
    {
        using (response)
        {
            var page = await response.Content.ReadAsStringAsync(Ct);
            Assert.True(
                (int)response.StatusCode == status,
                $"{what}: {(int)response.StatusCode} instead of {status}: {page}"
            );
            Assert.True(
                response.Content.Headers.ContentType?.MediaType == "text/html",
                $"{what}: {response.Content.Headers.ContentType}"
            );
            // After an exception the framework writes this header. It writes no-cache and not private.
            Assert.True(
                response.Headers.CacheControl is { NoStore: true } cache
                    && (cache.Private || (status == 500 && cache.NoCache)),
                $"{what}: {response.Headers.CacheControl}"
            );
            Assert.DoesNotContain(" at ServiceEval", page, StringComparison.Ordinal);
            return page;
        }
    }
}
