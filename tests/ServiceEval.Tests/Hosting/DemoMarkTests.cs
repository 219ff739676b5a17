using System.Text.Json;

namespace ServiceEval.Tests.Hosting;

public sealed class DemoMarkTests
{
    private const string Mark = "演示数据";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Page_screen_sheet_and_report_say_whether_the_data_are_demonstration_data(bool demo)
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:PublicUrl", "https://hcp.example.gov.cn"));
        if (!demo)
        {
            await host.QueryAsync("UPDATE Installation SET Demo = 0, DirectoryVersion = DirectoryVersion + 1");
            await host.RestartAsync();
        }
        var code = (await host.WindowCodesAsync())[0];
        var receipt = (await host.RateAsync()).Receipt;
        var output = Path.Combine(host.DataDirectory, "out");
        var (exitCode, _, errors) = await host.CommandAsync("report", "weekly", "--week", "2026-W47", "--out", output);
        Assert.True(exitCode == 0, errors);

        var pages = new List<(string What, string Text)>();
        foreach (
            var path in (string[])[$"/w/{code}", $"/w/{code}/sheet", $"/r/{receipt}", $"/h/{TestHost.Hall}", "/reports"]
        )
            pages.Add((path, await host.Client.GetStringAsync(path, Ct)));
        var files = Directory.GetFiles(output);
        pages.Add(
            (
                "report",
                await File.ReadAllTextAsync(files.Single(f => f.EndsWith(".html", StringComparison.Ordinal)), Ct)
            )
        );
        Assert.All(
            pages,
            page =>
                Assert.True(
                    page.Text.Contains(Mark, StringComparison.Ordinal) == demo,
                    $"{page.What} {(demo ? "lacks" : "bears")} the mark."
                )
        );

        Assert.Equal(demo, IsMarked(await host.Client.GetStringAsync($"/api/v1/halls/{TestHost.Hall}/board", Ct)));
        Assert.Equal(
            demo,
            IsMarked(await File.ReadAllTextAsync(files.Single(f => f.EndsWith(".json", StringComparison.Ordinal)), Ct))
        );
    }

    private static bool IsMarked(string json) => JsonDocument.Parse(json).RootElement.GetProperty("demo").GetBoolean();
}
