using System.Net;
using System.Text.RegularExpressions;

namespace ServiceEval.Tests.Ratings;

public sealed partial class DeviceTokenTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task The_first_page_leaves_a_token_for_a_day_and_the_next_keeps_it(string method)
    {
        await using var host = await TestHost.StartAsync();
        var codes = await host.WindowCodesAsync();
        using var phone = new Phone(host);

        using var first = await phone.SendAsync(new HttpMethod(method), $"/w/{codes[0]}");
        var token = phone.TokenAt(codes[0]);
        using var again = await phone.SendAsync(new HttpMethod(method), $"/w/{codes[0]}");
        using var elsewhere = await phone.SendAsync(new HttpMethod(method), $"/w/{codes[1]}");

        Assert.Matches(
            "^serviceeval-device=[A-Za-z0-9_-]{22}; max-age=86400; path=/w; samesite=lax; httponly$",
            Assert.Single(first.Headers.GetValues("Set-Cookie"))
        );
        Assert.False(again.Headers.Contains("Set-Cookie"));
        Assert.False(elsewhere.Headers.Contains("Set-Cookie"));
        Assert.Equal(token, phone.TokenAt(codes[1]));
    }

    [Fact]
    public async Task Two_phones_get_two_tokens_and_the_page_is_the_same_but_for_its_ticket()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        using var phone = new Phone(host);
        using var other = new Phone(host);

        var page = await PageAsync(phone);
        var another = await PageAsync(other);

        Assert.NotEqual(phone.TokenAt(code), other.TokenAt(code));
        Assert.NotEqual(page, another);
        Assert.Equal(Ticket().Replace(page, ""), Ticket().Replace(another, ""));

        async Task<string> PageAsync(Phone with)
        {
            using var response = await with.SendAsync(HttpMethod.Get, $"/w/{code}");
            return await response.Content.ReadAsStringAsync(Ct);
        }
    }

    [Fact]
    public async Task Over_https_the_token_goes_over_https_only()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:KnownProxies:0", "127.0.0.1"));
        using var request = await PageAsync(host, ("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-Proto", "https"));
        using var response = await host.Client.SendAsync(request, Ct);

        Assert.Contains("; secure", Assert.Single(response.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serviceeval-device=")]
    [InlineData("serviceeval-device=AAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("serviceeval-device=AAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("serviceeval-device=AAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("serviceeval-device=!!!!!!!!!!!!!!!!!!!!!!")]
    [InlineData("device=AAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_cookie_that_is_not_a_valid_token_is_replaced(string cookie)
    {
        await using var host = await TestHost.StartAsync();
        using var request = await PageAsync(host, ("Cookie", cookie));
        using var response = await host.Client.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(response.Headers.GetValues("Set-Cookie"));
    }

    [Fact]
    public async Task Cookies_of_others_do_not_hide_it()
    {
        await using var host = await TestHost.StartAsync();
        using var request = await PageAsync(
            host,
            ("Cookie", """portal={"a":[1,2]}; ; x; serviceeval-device=AAAAAAAAAAAAAAAAAAAAAA; y="z""")
        );
        using var response = await host.Client.SendAsync(request, Ct);

        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("/w/nowhere")]
    [InlineData("/h/example")]
    [InlineData("/privacy")]
    [InlineData("/w/{code}/qr.svg")]
    public async Task Only_the_page_of_a_window_sets_a_token(string path)
    {
        await using var host = await TestHost.StartAsync();
        using var response = await host.Client.GetAsync(
            path.Replace("{code}", (await host.WindowCodesAsync())[0], StringComparison.Ordinal),
            Ct
        );

        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData(
        "",
        "随机标记（Cookie）",
        "一天后失效",
        "半小时内",
        "都照常收下",
        "疑似重复",
        "十周后删除",
        "不使用 Cookie，也一样可以评价"
    )]
    [InlineData(
        "?lang=en",
        "random mark in a cookie, for one day",
        "within half an hour",
        "refuse none of them",
        "deleted after ten weeks",
        "Without cookies"
    )]
    public async Task The_privacy_page_says_what_it_is_and_what_is_kept_of_it(string view, params string[] said)
    {
        await using var host = await TestHost.StartAsync();
        var page = WebUtility.HtmlDecode(await host.Client.GetStringAsync($"/privacy{view}", Ct));
        Assert.All(said, sentence => Assert.Contains(sentence, page, StringComparison.Ordinal));
    }

    private static async Task<HttpRequestMessage> PageAsync(TestHost host, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/w/{(await host.WindowCodesAsync())[0]}");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    [GeneratedRegex("[A-Za-z0-9_-]{64}")]
    private static partial Regex Ticket();
}
