using System.Net;

namespace ServiceEval.Tests.Ratings;

/// <summary>
/// 长辈版 and language are chosen at the top of the page. The address keeps the choice, and the phone keeps it for a day.
/// </summary>
public sealed class PageViewTests
{
    [Fact]
    public async Task Large_text_is_offered_before_the_question_and_kept_by_the_phone_for_a_day()
    {
        await using var host = await TestHost.StartAsync();
        var codes = await host.WindowCodesAsync();
        using var phone = new Phone(host);
        var page = await phone.PageAsync($"/w/{codes[0]}");
        Assert.True(page.IndexOf("长辈版", StringComparison.Ordinal) < page.IndexOf("<h1>", StringComparison.Ordinal));
        Assert.Contains($"href=\"/w/{codes[0]}?view=elder\"", page, StringComparison.Ordinal);

        using var chosen = await phone.SendAsync(HttpMethod.Get, $"/w/{codes[0]}?view=elder");
        Assert.Contains(
            "serviceeval-view=.elder; max-age=86400; path=/; samesite=lax; httponly",
            chosen.Headers.GetValues("Set-Cookie")
        );

        foreach (var path in (string[])[$"/w/{codes[1]}", "/h/example", "/privacy", "/r", "/r/0000000000000000"])
            Assert.True((await TextAsync(phone, path)).Contains("class=\"elder\"", StringComparison.Ordinal), path);
    }

    [Fact]
    public async Task Going_back_to_the_standard_text_is_kept_as_well()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        using var phone = new Phone(host);
        await phone.PageAsync($"/w/{code}?view=elder");
        Assert.Contains($"/w/{code}?view=normal", await phone.PageAsync($"/w/{code}"), StringComparison.Ordinal);

        await phone.PageAsync($"/w/{code}?view=normal");

        Assert.DoesNotContain("class=\"elder\"", await phone.PageAsync($"/w/{code}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_language_is_kept_beside_it_and_neither_undoes_the_other()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        using var phone = new Phone(host);
        await phone.PageAsync($"/w/{code}?view=elder");
        await phone.PageAsync($"/w/{code}?lang=en");

        var page = await phone.PageAsync($"/w/{code}");

        Assert.Contains("lang=\"en\"", page, StringComparison.Ordinal);
        Assert.Contains("class=\"elder\"", page, StringComparison.Ordinal);
        Assert.Contains("lang=\"zh-CN\"", await phone.PageAsync($"/w/{code}?lang=zh"), StringComparison.Ordinal);
        Assert.Contains("您对这次服务满意吗？", await phone.PageAsync($"/w/{code}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?view=elder")]
    [InlineData("?view=normal")]
    [InlineData("?lang=zh")]
    [InlineData("?lang=en&view=normal")]
    [InlineData("?lang=zh&view=elder")]
    public async Task Without_cookies_the_address_keeps_it_through_every_post(string view)
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        var given = await Wire.AnswerAsync(
            host,
            "POST",
            $"/w/{code}{view}",
            $"ticket={(await host.TicketAsync()).Ticket}&grade=satisfied"
        );
        var thanks = Wire.HeaderOf(given, "Location");
        var detail = await Wire.AnswerAsync(host, "POST", thanks, "comment=x");
        var path = thanks.Split('?')[0];
        var correction = await Wire.AnswerAsync(host, "POST", $"{path}/correction{view}", "grade=dissatisfied");
        var found = await Wire.AnswerAsync(host, "POST", $"/r{view}", $"receipt={path[3..]}");

        Assert.EndsWith(view, thanks, StringComparison.Ordinal);
        Assert.All(
            [detail, correction, found],
            answer => Assert.Equal((303, path + view), (Wire.StatusOf(answer), Wire.HeaderOf(answer, "Location")))
        );
    }

    [Theory]
    [InlineData("elder.elder", "zh.elder")]
    [InlineData("..", "zh.")]
    [InlineData("x", "zh.")]
    [InlineData("<script>", "zh.")]
    public async Task A_cookie_value_is_used_only_if_it_is_known(string kept, string then)
    {
        await using var host = await TestHost.StartAsync();
        var page = await Wire.AnswerAsync(
            host,
            "GET",
            $"/h/{TestHost.Hall}?lang=zh",
            cookie: $"serviceeval-view={kept}"
        );

        Assert.Equal(200, Wire.StatusOf(page));
        Assert.StartsWith($"serviceeval-view={then};", Wire.HeaderOf(page, "Set-Cookie"), StringComparison.Ordinal);
    }

    private static async Task<string> TextAsync(Phone phone, string path)
    {
        using var response = await phone.SendAsync(HttpMethod.Get, path);
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
