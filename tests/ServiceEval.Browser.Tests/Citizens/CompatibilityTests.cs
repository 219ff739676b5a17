using ServiceEval.Core.Ratings;

namespace ServiceEval.Browser.Tests.Citizens;

/// <summary>
/// Checks with the linters in tests/compatibility-lint that the citizens' pages use only features of Chromium 80.
/// </summary>
public sealed class CompatibilityTests
{
    private const string Style = "stylelint";
    private const string Script = "eslint";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_use_nothing_that_old_phones_do_not_know()
    {
        await using var host = await TestHost.StartAsync();
        var rating = await host.RateAsync(Grade.Dissatisfied);
        var code = (await host.WindowCodesAsync())[0];
        foreach (var path in (string[])[$"/w/{code}", $"/r/{rating.Receipt}", "/r", "/h/example"])
            await AssertKnownAsync(path);
        using var rated = await host.PostFormAsync(
            $"/w/{code}",
            ("ticket", (await host.TicketAsync()).Ticket),
            ("grade", "satisfied")
        );
        await AssertKnownAsync($"/w/{code}");

        async Task AssertKnownAsync(string path)
        {
            var page = await host.Client.GetStringAsync(path, Ct);
            Assert.Equal((0, ""), await LintAsync(Style, page));
            Assert.Equal((0, ""), await LintAsync(Script, page));
        }
    }

    [Theory]
    [InlineData(Style, "<style>a:has(b){color:red}</style>", ":has")]
    [InlineData(Style, "<style>a{display:flex;gap:4px}</style>", "flexbox-gap")]
    [InlineData(Style, "<style>a{inset:0}</style>", "inset")]
    [InlineData(Style, "<style>a{aspect-ratio:1/1}</style>", "aspect-ratio")]
    [InlineData(Style, "<p style=\"height:100dvh\">", "dvh")]
    [InlineData(Script, "<script>var a; a ??= 1;</script>", "Unexpected token")]
    [InlineData(Script, "<script>[1].at(-1);</script>", "at()")]
    [InlineData(Script, "<script>structuredClone({});</script>", "structuredClone")]
    public async Task What_old_phones_do_not_know_is_reported(string linter, string html, string reported)
    {
        var (exitCode, output) = await LintAsync(linter, $"<!DOCTYPE html><html><body>{html}</body></html>");

        Assert.NotEqual(0, exitCode);
        Assert.Contains(reported, output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> LintAsync(string linter, string page)
    {
        var folder = Path.Combine(Tools.Root, "tests", "compatibility-lint");
        var program = Path.Combine("node_modules", ".bin", linter);
        Assert.True(File.Exists(Path.Combine(folder, program)), $"{linter} is not installed: run `npm ci` in {folder}");
        var (exitCode, output, errors) = await Tools.RunAsync(
            "node",
            [program, "--stdin", "--stdin-filename", "page.html"],
            page,
            folder
        );
        return (exitCode, output + errors);
    }
}
