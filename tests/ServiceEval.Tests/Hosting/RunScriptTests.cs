using System.Text.RegularExpressions;

namespace ServiceEval.Tests.Hosting;

/// <summary>run.sh with its builds left out: what is built already is run.</summary>
public sealed partial class RunScriptTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "TERM")]
    [InlineData("", "INT")]
    [InlineData("--simulate", "TERM")]
    [InlineData("--simulate", "INT")]
    public async Task Stopping_the_script_leaves_no_server_behind(string argument, string signal)
    {
        using var folder = new Folder();
        var port = ProgramRun.FreePort();
        await using var script = Start(folder, argument, ("ASPNETCORE_URLS", $"http://+:{port};http://127.0.0.1:{ProgramRun.FreePort()}"));
        using var client = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}") };
        await script.ServingAsync(client);
        if (argument.Length > 0) await script.UntilAsync(() => script.Errors.Contains("正在模拟市民", StringComparison.Ordinal));

        var page = Page().Match(script.Output).Groups[1].Value;
        Assert.True((await client.GetAsync(page, Ct)).IsSuccessStatusCode, page);
        script.Signal(signal);

        Assert.Contains(await script.ExitAsync(), (int[])[0, 130, 143]);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/healthz/live", Ct));
        Assert.DoesNotContain("Exception", script.Output + script.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_commands_it_names_work_from_any_directory()
    {
        using var folder = new Folder();
        using var elsewhere = new Folder();
        var port = ProgramRun.FreePort();
        await using var script = Start(folder, "", ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await script.ServingAsync(client);

        var command = Windows().Match(script.Output).Groups[1].Value;
        await using var windows = ProgramRun.StartFile(elsewhere.Path, "bash", ["-c", command]);

        Assert.Equal(0, await windows.ExitAsync());
        Assert.Equal(109, windows.Output.Split('\n').Length);
        Assert.Contains($"http://127.0.0.1:{port}/w/", windows.Output, StringComparison.Ordinal);
        script.Signal("TERM");
        await script.ExitAsync();
    }

    private static ProgramRun Start(Folder folder, string argument, params (string Name, string Value)[] environment)
    {
        var tools = Directory.CreateDirectory(Path.Combine(folder.Path, "tools")).FullName;
        Write(Path.Combine(tools, "npm"), "#!/bin/sh\n");
        Write(Path.Combine(tools, "curl"), "#!/bin/sh\nexit 127\n");
        Write(Path.Combine(tools, "dotnet"), $"#!/bin/sh\n[ \"$1\" = build ] && exit 0\nPATH=${{PATH#*:}} exec dotnet \"$@\"\n");
        return ProgramRun.StartFile(
            folder.Path, Path.Combine(ProgramRun.Checkout, "run.sh"), argument.Length == 0 ? [] : [argument],
            [("PATH", $"{tools}:{Environment.GetEnvironmentVariable("PATH")}"), .. environment]);
    }

    private static void Write(string path, string text)
    {
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [GeneratedRegex(@"窗口评价页\s+(http\S+)")]
    private static partial Regex Page();

    [GeneratedRegex(@"全部窗口\s+(.+)")]
    private static partial Regex Windows();
}
