namespace ServiceEval.Tests.Hosting;

public sealed class StaticFilesTests
{
    [Theory]
    [InlineData("/kiosk/display.html")]
    [InlineData("/display/example")]
    public async Task The_screen_is_protected_at_both_of_its_addresses(string path)
    {
        using var folder = new Folder();
        var address = $"http://127.0.0.1:{ProgramRun.FreePort()}";
        await using var server = ProgramRun.Start(folder.Path, "serve", ("ASPNETCORE_URLS", address));
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        await server.ServingAsync(client);

        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}");
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains(
            "frame-ancestors 'none'",
            response.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal
        );
    }
}
