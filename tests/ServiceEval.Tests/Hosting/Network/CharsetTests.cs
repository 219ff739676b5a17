using System.Net;
using System.Text;

namespace ServiceEval.Tests.Hosting.Network;

public sealed class CharsetTests(CharsetTests.OneHost shared) : IClassFixture<CharsetTests.OneHost>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json; charset=UTF8")]
    [InlineData("application/json; charset=utf_8")]
    [InlineData("application/json;charset=\"utf-8\"")]
    [InlineData("application/json; charset='utf-8'")]
    [InlineData("application/json; charset=\"UTF8\"; charset=utf-8")]
    [InlineData("application/json; charset=unicode-1-1-utf-8")]
    [InlineData("application/json; charset=")]
    public async Task Every_spelling_of_UTF_8_is_read(string type)
    {
        var ticket = await shared.Host.TicketAsync();
        var body = $$"""{"ticket":"{{ticket.Ticket}}","grade":"satisfied","comment":"很好"}""";

        using var response = await PostAsync("/api/v1/ratings", type, Encoding.UTF8.GetBytes(body));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var comments = await shared.Host.QueryAsync("SELECT Comment FROM RatingDetails");
        Assert.All(comments, row => Assert.Equal("很好", row[0]));
        Assert.NotEmpty(comments);
    }

    [Theory]
    [InlineData("charset=gbk")]
    [InlineData("charset=gb18030")]
    [InlineData("charset=GB2312")]
    [InlineData("charset=utf-7")]
    [InlineData("charset=utf-16")]
    [InlineData("charset=utf-32")]
    [InlineData("charset=iso-8859-1")]
    [InlineData("charset=\"utf-8")]
    [InlineData("charset=utf-8; charset=gbk")]
    [InlineData("charset*=gbk''x")]
    public async Task Another_charset_is_an_unsupported_medium_for_programs_and_pages(string charset)
    {
        var code = (await shared.Host.WindowCodesAsync())[0];
        foreach (var path in (string[])["/api/v1/ratings", "/api/v1/tickets"])
            await TestHost.AssertProblemAsync(
                await PostAsync(path, $"application/json; {charset}", "{}"u8.ToArray()),
                415,
                "unsupported-media"
            );
        foreach (var type in (string[])["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
        {
            using var page = await PostAsync($"/w/{code}", $"{type}; {charset}", "grade=satisfied"u8.ToArray());
            Assert.Equal(
                (HttpStatusCode.UnsupportedMediaType, "text/html"),
                (page.StatusCode, page.Content.Headers.ContentType?.MediaType)
            );
        }
    }

    [Fact]
    public async Task A_compressed_body_is_an_unsupported_medium()
    {
        using var content = new ByteArrayContent("{}"u8.ToArray())
        {
            Headers = { { "Content-Type", "application/json" }, { "Content-Encoding", "gzip" } },
        };
        using var response = await shared.Host.Client.PostAsync("/api/v1/ratings", content, Ct);

        await TestHost.AssertProblemAsync(response, 415, "unsupported-media");
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string type, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return await shared.Host.Client.PostAsync(path, content, Ct);
    }

    public sealed class OneHost : IAsyncLifetime
    {
        public TestHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await TestHost.StartAsync();

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
