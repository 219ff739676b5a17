using System.Text.RegularExpressions;

namespace ServiceEval.Tests.Hosting;

/// <summary>Runs run.sh without its builds. It runs the existing build.</summary>
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
        await using var script = Start(
            folder,
            argument,
            ("ASPNETCORE_URLS", $"http://+:{port};http://127.0.0.1:{ProgramRun.FreePort()}")
        );
        using var client = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}") };
        await script.ServingAsync(client);
        if (argument.Length > 0)
            await script.UntilAsync(() => script.Errors.Contains("正在模拟市民", StringComparison.Ordinal));

        var page = Page().Match(script.Output).Groups[1].Value;
        Assert.True((await client.GetAsync(page, Ct)).IsSuccessStatusCode, page);
        script.Signal(signal);

        Assert.Contains(await script.ExitAsync(), (int[])[0, 130, 143]);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/healthz/live", Ct));
        Assert.DoesNotContain("Exception", script.Output + script.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_server_has_the_port_already_a_second_run_ends_and_sends_no_citizens()
    {
        using var folder = new Folder();
        var port = ProgramRun.FreePort();
        await using var first = Start(folder, "--simulate", ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await first.ServingAsync(client);

        await using var second = Start(folder, "--simulate", ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"));

        Assert.Equal(1, await second.ExitAsync());
        Assert.Contains("正在使用这个 SQLite 数据库", second.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("正在模拟市民", second.Errors, StringComparison.Ordinal);
        first.Signal("TERM");
        await first.ExitAsync();
    }

    [Fact]
    public async Task When_its_server_ends_the_simulated_citizens_end_too()
    {
        using var folder = new Folder();
        var port = ProgramRun.FreePort();
        await using var script = Start(folder, "--simulate", ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await script.ServingAsync(client);
        await script.UntilAsync(() => script.Errors.Contains("正在模拟市民", StringComparison.Ordinal));

        await using (
            var kill = ProgramRun.StartFile(
                folder.Path,
                "bash",
                ["-c", $"kill -9 $(ss -Hltnp 'sport = :{port}' | grep -o 'pid=[0-9]*' | head -1 | cut -d= -f2)"]
            )
        )
            Assert.Equal(0, await kill.ExitAsync());

        Assert.NotEqual(0, await script.ExitAsync());
    }

    [Theory]
    [InlineData("npm", "exit 1", "正在下载大厅屏幕的依赖没有成功")]
    [InlineData("npm", "echo ENOTFOUND >&2; exit 1", "ENOTFOUND")]
    [InlineData("npm", "exit 1", "npm config set registry")]
    [InlineData("dotnet", "[ \"$1\" = build ] && { echo NU1301; exit 1; }; echo 10.0.100", "dotnet nuget add source")]
    [InlineData("dotnet", "[ \"$1\" = --list-sdks ] && { echo '8.0.1 [/x]'; exit 0; }; exit 145", "现在装有：8.0.1")]
    [InlineData("node", "echo v20.18.0", "Node 是 v20.18.0，构建需要 20.19")]
    [InlineData("node", "echo v18.20.4", "Node 是 v18.20.4，构建需要 20.19")]
    public async Task The_reason_why_a_build_fails_is_printed(string tool, string does, string said)
    {
        using var folder = new Folder();
        await using var script = Start(folder, "", (tool, does), []);

        Assert.Equal(1, await script.ExitAsync());
        Assert.Contains(said, script.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_step_says_now_and_then_that_it_goes_on()
    {
        using var folder = new Folder();
        await using var script = Start(folder, "", ("npm", "sleep 17; exit 1"), []);

        Assert.Equal(1, await script.ExitAsync());
        Assert.Contains("正在下载大厅屏幕的依赖……已用 15 秒", script.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_at_the_top_of_a_checkout_works_where_it_is_called_and_prints_its_result_alone()
    {
        using var folder = new Folder();
        await using (
            var seed = ProgramRun.StartFile(
                folder.Path,
                Path.Combine(ProgramRun.Checkout, "serviceeval"),
                ["seed", "minimal"]
            )
        )
            Assert.Equal(0, await seed.ExitAsync());
        await using var windows = ProgramRun.StartFile(
            folder.Path,
            Path.Combine(ProgramRun.Checkout, "serviceeval"),
            ["windows", "--json"]
        );

        Assert.Equal(0, await windows.ExitAsync());
        using var read = System.Text.Json.JsonDocument.Parse(windows.Output);
        Assert.Equal(2, read.RootElement.GetArrayLength());
        Assert.True(File.Exists(Path.Combine(folder.Path, "data", "serviceeval.db")));
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

    private static ProgramRun Start(Folder folder, string argument, params (string Name, string Value)[] environment) =>
        Start(folder, argument, ("curl", "exit 127"), environment);

    /// <param name="tool">One of the tools of the build and its script. The other tools do nothing.</param>
    private static ProgramRun Start(
        Folder folder,
        string argument,
        (string Name, string Does) tool,
        (string Name, string Value)[] environment
    )
    {
        var tools = Directory.CreateDirectory(Path.Combine(folder.Path, "tools")).FullName;
        Write(Path.Combine(tools, "npm"), "#!/bin/sh\n");
        Write(Path.Combine(tools, "curl"), "#!/bin/sh\nexit 127\n");
        Write(
            Path.Combine(tools, "dotnet"),
            $"#!/bin/sh\n[ \"$1\" = build ] && exit 0\nPATH=${{PATH#*:}} exec dotnet \"$@\"\n"
        );
        Write(Path.Combine(tools, tool.Name), $"#!/bin/sh\n{tool.Does}\n");
        return ProgramRun.StartFile(
            folder.Path,
            Path.Combine(ProgramRun.Checkout, "run.sh"),
            argument.Length == 0 ? [] : [argument],
            [("PATH", $"{tools}:{Environment.GetEnvironmentVariable("PATH")}"), .. environment]
        );
    }

    private static void Write(string path, string text)
    {
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [GeneratedRegex(@"窗口评价页\s+(http\S+)")]
    private static partial Regex Page();

    [GeneratedRegex(@"全部窗口\s+(.+)")]
    private static partial Regex Windows();
}
