using System.Net;
using System.Reflection;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Http;

namespace ServiceEval.Tests.Hosting;

public sealed class ProblemsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/api/v1/nothing", 404, "not-found")]
    [InlineData("GET", "/nothing", 404, "not-found")]
    [InlineData("DELETE", "/api/v1/ratings", 405, "method-not-allowed")]
    public async Task An_unrouted_request_gets_a_named_problem(string method, string path, int status, string name)
    {
        await using var host = await TestHost.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await host.Client.SendAsync(request, Ct);

        await TestHost.AssertProblemAsync(response, status, name);
    }

    [Theory]
    [InlineData("GET", "/w/nosuchcode/sheet", 404, "没有找到这个评价码对应的窗口")]
    [InlineData("GET", "/w/nosuchcode/qr.svg", 404, "没有找到这个评价码对应的窗口")]
    [InlineData("GET", "/w/nosuchcode/qr.png?lang=en", 404, "No window has this code")]
    [InlineData("GET", "/h/nowhere/qr.svg", 404, "没有这个大厅")]
    [InlineData("GET", "/w/a/b/c", 404, "没有这个页面")]
    [InlineData("GET", "/r/a/b/c?lang=en", 404, "There is no such page")]
    [InlineData("DELETE", "/w/nosuchcode", 405, "不支持")]
    public async Task On_a_citizens_address_a_problem_is_a_page(string method, string path, int status, string sentence)
    {
        await using var host = await TestHost.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await host.Client.SendAsync(request, Ct);

        Assert.Equal(status, (int)response.StatusCode);
        await AssertPageAsync(response, sentence);
    }

    [Theory]
    [InlineData("/", "请扫描窗口的二维码进行评价")]
    [InlineData("/?lang=en", "Please scan the code at a window")]
    [InlineData("/nothing", "没有这个页面")]
    [InlineData("/kiosk/nothing", "没有这个页面")]
    [InlineData("/reports/county-2026-W01-v1.html", "没有这个页面")]
    public async Task Who_types_an_address_into_a_browser_gets_a_page(string path, string sentence)
    {
        await using var host = await TestHost.StartAsync();
        using var response = await VisitAsync(host, path, fromElsewhere: true);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        await AssertPageAsync(response, sentence);
    }

    [Theory]
    [InlineData("/api/v1/nothing")]
    [InlineData("/hubs/nothing")]
    public async Task On_an_address_for_programs_a_browser_gets_the_same_answer_as_a_program(string path)
    {
        await using var host = await TestHost.StartAsync();
        using var response = await VisitAsync(host, path);

        await TestHost.AssertProblemAsync(response, 404, "not-found");
    }

    [Fact]
    public async Task A_database_that_can_not_be_read_is_said_with_what_became_of_the_rating()
    {
        await using var host = await TestHost.StartAsync();
        var receipt = (await host.RateAsync()).Receipt;
        await host.QueryAsync("ALTER TABLE Ratings RENAME TO Lost");

        using var get = await host.Client.GetAsync($"/r/{receipt}", Ct);
        using var form = new FormUrlEncodedContent([new("comment", "好")]);
        using var post = await host.Client.PostAsync($"/r/{receipt}", form, Ct);
        using var api = await host.Client.GetAsync($"/api/v1/receipts/{receipt}", Ct);

        foreach (var response in (HttpResponseMessage[])[get, post])
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            await AssertPageAsync(response, "已保存的评价不会丢失");
        }
        await TestHost.AssertProblemAsync(api, 503, "outcome-unknown");
    }

    [Fact]
    public async Task A_fault_is_not_to_be_taken_for_another_type_either()
    {
        await using var host = await TestHost.StartAsync();
        await host.QueryAsync("DROP TABLE ReleasedDays");
        using var response = await host.Client.GetAsync($"/api/v1/halls/{TestHost.Hall}/board", Ct);

        await TestHost.AssertProblemAsync(response, 503, "outcome-unknown");
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    /// <summary>
    /// The known names are those that the contract lists by status. For the other statuses they are our own.
    /// </summary>
    [Fact]
    public void Every_problem_has_a_name_that_programs_know()
    {
        string[] known =
        [
            "400 invalid",
            "400 ticket-missing",
            "403 ticket-invalid",
            "404 window-unknown",
            "404 receipt-unknown",
            "404 hall-unknown",
            "409 visit-taken",
            "409 details-present",
            "409 correction-closed",
            "410 ticket-expired",
            "410 window-retired",
            "413 too-large",
            "415 unsupported-media",
            "429 too-many",
            "503 not-stored",
            "503 outcome-unknown",
            "401 password-needed",
            "404 not-found",
            "405 method-not-allowed",
            "500 fault",
        ];
        Problem[] made =
        [
            .. typeof(Problem)
                .Assembly.GetTypes()
                .Where(type =>
                    type.Name.StartsWith("Problem", StringComparison.Ordinal)
                    || type.Name.EndsWith("Problems", StringComparison.Ordinal)
                )
                .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public))
                .Select(field => field.GetValue(null))
                .OfType<Problem>(),
            ReportProblems.NotPrinted("x"),
            ReportProblems.NoPdf("x"),
            RatingProblems.DetailsClosed(new DateOnly(2026, 11, 18)),
        ];

        Assert.Empty(made.Select(p => $"{p.Status} {p.Name}").Except(known));
    }

    [Fact]
    public async Task OpenAPI_declares_what_giving_a_rating_can_be_answered_with()
    {
        await using var host = await TestHost.StartAsync();

        var document = System
            .Text.Json.JsonDocument.Parse(await host.Client.GetStringAsync("/openapi/v1.json", Ct))
            .RootElement;

        var answers = document
            .GetProperty("paths")
            .GetProperty("/api/v1/ratings")
            .GetProperty("post")
            .GetProperty("responses")
            .EnumerateObject()
            .Select(p => p.Name);
        Assert.Equal(["200", "201", "400", "403", "409", "410", "413", "415", "429", "503"], answers.Order());
    }

    private static async Task<HttpResponseMessage> VisitAsync(TestHost host, string path, bool fromElsewhere = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        if (fromElsewhere)
            request.Headers.Add("X-Forwarded-For", "192.0.2.1");
        return await host.Client.SendAsync(request, Ct);
    }

    private static async Task AssertPageAsync(HttpResponseMessage response, string sentence)
    {
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(sentence, await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Contains(
            "default-src 'none'",
            response.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal
        );
    }
}
