using System.Net;

namespace ServiceEval.Tests.Hosting;

public sealed class HeadTests
{
    [Theory]
    [InlineData("/w/{code}")]
    [InlineData("/w/{code}/qr.svg")]
    [InlineData("/h/example")]
    [InlineData("/privacy")]
    [InlineData("/reports")]
    [InlineData("/api/v1/halls")]
    [InlineData("/api/v1/halls/example/board")]
    [InlineData("/healthz/live")]
    public async Task HEAD_is_answered_as_GET_without_the_body(string path)
    {
        await using var host = await TestHost.StartAsync();
        path = path.Replace("{code}", (await host.WindowCodesAsync())[0], StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Head, path);

        using var head = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        using var get = await host.Client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }
}
