namespace ServiceEval.Tests.Reports;

public sealed class WeekBeforeTheFirstRatingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_report_is_written_to_files_and_not_stored(bool rated)
    {
        await using var host = await TestHost.StartAsync();
        if (rated)
            await host.RateAsync();

        var (exitCode, output, errors) = await host.CommandAsync(
            "report",
            "weekly",
            "--week",
            "2019-W01",
            "--out",
            "out"
        );

        Assert.True(exitCode == 0, errors);
        Assert.Contains("county-2019-W01-v0.json", output, StringComparison.Ordinal);
        Assert.Equal(0, await host.CountAsync("Reports"));
    }
}
