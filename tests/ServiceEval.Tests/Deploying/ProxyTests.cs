using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Deploying;

/// <summary>Runs Caddy with the real deploy/Caddyfile before nodes whose answers a test chooses.</summary>
public sealed class ProxyTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_no_node_is_ready_people_get_a_nodes_own_answer_from_the_proxy()
    {
        using var folder = new Folder();
        // This node has no database.
        var asked = new TaskCompletionSource();
        var times = 0;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var node = builder.Build();
        node.MapGet("/healthz/live", () => Asked(StatusCodes.Status200OK));
        node.MapGet("/healthz/ready", () => Asked(StatusCodes.Status503ServiceUnavailable));
        node.MapGet(
            "/w/example",
            (HttpContext context) =>
            {
                context.Response.Headers.RetryAfter = "5";
                return Results.Text("请稍后再试", statusCode: StatusCodes.Status503ServiceUnavailable);
            }
        );
        await node.StartAsync(Ct);
        await using var proxy = Proxy(folder, out var site, node);
        await proxy.UntilAsync(() => proxy.HasExited || asked.Task.IsCompleted);
        Assert.False(proxy.HasExited, proxy.Errors);

        using var client = new HttpClient();
        using var answer = await client.GetAsync($"{site}/w/example", Ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("5", answer.Headers.GetValues("Retry-After").Single());
        Assert.Equal("请稍后再试", await answer.Content.ReadAsStringAsync(Ct));

        // There are two groups of nodes. When one of them is asked a second time, both have had their first answer.
        IResult Asked(int code)
        {
            if (Interlocked.Increment(ref times) > 2)
                asked.TrySetResult();
            return Results.StatusCode(code);
        }
    }

    [Fact]
    public async Task Where_no_node_answers_people_are_told_so_in_Chinese_and_when_to_come_again()
    {
        using var folder = new Folder();
        await using var proxy = Proxy(folder, out var site);
        using var client = new HttpClient();
        HttpResponseMessage? answer = null;
        await proxy.UntilAsync(async () =>
            proxy.HasExited || (answer = await TryAsync(client, $"{site}/w/example")) is not null
        );
        Assert.False(proxy.HasExited, proxy.Errors);

        using (answer)
        {
            Assert.Contains(
                answer!.StatusCode,
                (HttpStatusCode[])[HttpStatusCode.ServiceUnavailable, HttpStatusCode.BadGateway]
            );
            Assert.Equal("10", answer.Headers.GetValues("Retry-After").Single());
            Assert.Equal("text/html; charset=utf-8", $"{answer.Content.Headers.ContentType}");
            Assert.Contains("请过10秒刷新本页", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("127.0.0.1/32", "198.51.100.7", "198.51.100.7")]
    [InlineData("127.0.0.1/32", "192.0.2.1, 198.51.100.7", "192.0.2.1, 198.51.100.7")]
    [InlineData("127.0.0.1/32", null, "127.0.0.1")]
    [InlineData("192.0.2.0/24 198.51.100.9", "198.51.100.7", "127.0.0.1")]
    [InlineData("", "198.51.100.7", "127.0.0.1")]
    public async Task The_client_address_from_a_firewall_is_believed_only_if_the_firewall_is_trusted(
        string trusted,
        string? named,
        string passedOn
    )
    {
        using var folder = new Folder();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var node = builder.Build();
        node.MapGet("/healthz/live", () => Results.Ok());
        node.MapGet(
            "/{**path}",
            (HttpContext context) => Results.Text($"{context.Request.Headers["X-Forwarded-For"]}")
        );
        await node.StartAsync(Ct);
        await using var proxy = Proxy(folder, out var site, node, ("SERVICEEVAL_TRUSTED_PROXIES", trusted));
        using var client = new HttpClient();
        if (named is not null)
            client.DefaultRequestHeaders.Add("X-Forwarded-For", named);

        foreach (var path in (string[])["/w/example", "/hubs/board"])
        {
            HttpResponseMessage? answer = null;
            await proxy.UntilAsync(async () =>
                proxy.HasExited || (answer = await TryAsync(client, site + path)) is { IsSuccessStatusCode: true }
            );
            Assert.False(proxy.HasExited, proxy.Errors);
            Assert.Equal(passedOn, await answer!.Content.ReadAsStringAsync(Ct));
        }
    }

    /// <summary>
    /// Starts Caddy with the real file before the node, or before a port on which no process listens.
    /// </summary>
    private static ProgramRun Proxy(
        Folder folder,
        out string site,
        WebApplication? node = null,
        params (string, string)[] settings
    )
    {
        site = $"http://127.0.0.1:{ProgramRun.FreePort()}";
        var to = node is null ? $"127.0.0.1:{ProgramRun.FreePort()}" : new Uri(node.Urls.Single()).Authority;
        return ProgramRun.StartFile(
            folder.Path,
            "caddy",
            ["run", "--adapter", "caddyfile", "--config", Path.Combine(ProgramRun.Checkout, "deploy", "Caddyfile")],
            [
                ("SERVICEEVAL_SITE", site),
                ("SERVICEEVAL_NODES", to),
                ("XDG_DATA_HOME", folder.Path),
                ("XDG_CONFIG_HOME", folder.Path),
                .. settings,
            ]
        );
    }

    private static async Task<HttpResponseMessage?> TryAsync(HttpClient client, string address)
    {
        try
        {
            return await client.GetAsync(address, Ct);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
