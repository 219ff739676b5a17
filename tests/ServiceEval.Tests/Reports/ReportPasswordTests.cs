using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Reports;

public sealed class ReportPasswordTests
{
    private const string Password = "一个很长很长的口令 1234567";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Over_TLS_the_password_opens_the_reports_and_without_it_it_is_asked_for()
    {
        using var folder = new Folder();
        await using var host = await StartAsync(folder);

        using var asked = await AskAsync(host, "/reports");
        await TestHost.AssertProblemAsync(asked, 401, "password-needed");
        Assert.Equal("Basic realm=\"reports\", charset=\"UTF-8\"", asked.Headers.WwwAuthenticate.ToString());
        Assert.True(asked.Headers.CacheControl is { NoStore: true });
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(host, "/reports", $"reports:{Password}")).StatusCode);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await AskAsync(host, "/reports/county-2026-W47-v1.pdf", $"reports:{Password}")).StatusCode
        );
        foreach (var wrong in (string[])["reports:", $"admin:{Password}", $"reports:{Password} ", "nonsense"])
            Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(host, "/reports", wrong)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/reports", Ct)).StatusCode);
    }

    [Fact]
    public async Task The_password_opens_nothing_without_TLS_from_another_site_or_outside_the_reports()
    {
        using var folder = new Folder();
        await using var host = await StartAsync(folder);

        Assert.Equal(
            HttpStatusCode.NotFound,
            (await AskAsync(host, "/reports", $"reports:{Password}", scheme: "http")).StatusCode
        );
        Assert.Equal(
            HttpStatusCode.NotFound,
            (
                await AskAsync(
                    host,
                    "/reports",
                    $"reports:{Password}",
                    headers: [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors")]
                )
            ).StatusCode
        );
        foreach (var path in (string[])["/api/v1/reports", "/jobs"])
            Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(host, path, $"reports:{Password}")).StatusCode);
        Assert.Equal(
            HttpStatusCode.OK,
            (
                await AskAsync(
                    host,
                    "/reports",
                    $"reports:{Password}",
                    headers: [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")]
                )
            ).StatusCode
        );
    }

    [Fact]
    public async Task A_client_that_claims_TLS_without_a_known_proxy_is_not_believed()
    {
        using var folder = new Folder();
        await using var host = await StartAsync(folder, isProxyKnown: false);

        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(host, "/reports", $"reports:{Password}")).StatusCode);
    }

    [Fact]
    public async Task After_ten_wrong_passwords_others_are_refused_for_a_minute_but_the_right_one_always_opens()
    {
        using var folder = new Folder();
        await using var host = await StartAsync(folder);
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(host, "/reports", $"reports:{i}")).StatusCode);

        await TestHost.AssertProblemAsync(await AskAsync(host, "/reports", "reports:eleventh"), 429, "too-many");
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(host, "/reports", $"reports:{Password}")).StatusCode);
        await TestHost.AssertProblemAsync(await AskAsync(host, "/reports", "reports:twelfth"), 429, "too-many");
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(host, "/reports")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/reports", Ct)).StatusCode);

        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(host, "/reports", "reports:thirteenth")).StatusCode);
    }

    [Theory]
    [InlineData(null, "读不出")]
    [InlineData("", "不足16个字符")]
    [InlineData("fifteen-letters\n", "不足16个字符")]
    public async Task A_password_file_that_will_not_do_stops_the_start_in_one_sentence(
        string? content,
        string complaint
    )
    {
        using var folder = new Folder();
        var file = Path.Combine(folder.Path, "password");
        if (content is not null)
            await File.WriteAllTextAsync(file, content, Ct);
        await using var verb = ProgramRun.Start(folder.Path, "windows", ("ServiceEval__Reports__PasswordFile", file));

        Assert.Equal(1, await verb.ExitAsync());
        Assert.Contains(
            "ServiceEval__Reports__PasswordFile",
            Assert.Single(verb.Errors.Split('\n')),
            StringComparison.Ordinal
        );
        Assert.Contains(complaint, verb.Errors, StringComparison.Ordinal);
    }

    private static async Task<TestHost> StartAsync(Folder folder, bool isProxyKnown = true)
    {
        var file = Path.Combine(folder.Path, "password");
        await File.WriteAllTextAsync(file, Password + "\n", Ct);
        return await TestHost.StartAsync([
            ("ServiceEval:Reports:PasswordFile", file),
            .. isProxyKnown ? [("ServiceEval:KnownProxies:0", "127.0.0.1")] : Array.Empty<(string, string)>(),
        ]);
    }

    /// <summary>Sends a request through the proxy, as a person at another place.</summary>
    private static async Task<HttpResponseMessage> AskAsync(
        TestHost host,
        string path,
        string? credentials = null,
        string scheme = "https",
        (string Name, string Value)[]? headers = null
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path)
        {
            Headers = { { "X-Forwarded-For", "203.0.113.7" }, { "X-Forwarded-Proto", scheme } },
        };
        if (credentials is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))
            );
        foreach (var (name, value) in headers ?? [])
            request.Headers.Add(name, value);
        return await host.Client.SendAsync(request, Ct);
    }
}
