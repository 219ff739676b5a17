using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

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
            await script.UntilAsync(() => script.Errors.Contains("正在模拟群众", StringComparison.Ordinal));

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
        Assert.DoesNotContain("正在模拟群众", second.Errors, StringComparison.Ordinal);
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
        await script.UntilAsync(() => script.Errors.Contains("正在模拟群众", StringComparison.Ordinal));

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
    [InlineData("node", "echo v21.7.3", "Node 是 v21.7.3，构建需要 20.19 起的 20 版，或 22.12 及以后的版本")]
    [InlineData("node", "echo v22.11.0", "Node 是 v22.11.0，构建需要")]
    public async Task The_reason_why_a_build_fails_is_printed(string tool, string does, string said)
    {
        using var folder = new Folder();
        await using var script = Start("src/build.sh", folder, "", (tool, does), []);

        Assert.Equal(1, await script.ExitAsync());
        Assert.Contains(said, script.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_step_says_now_and_then_that_it_goes_on()
    {
        using var folder = new Folder();
        await using var script = Start("src/build.sh", folder, "", ("npm", "sleep 17; exit 1"), []);

        Assert.Equal(1, await script.ExitAsync());
        Assert.Contains("正在下载大厅屏幕的依赖……已用 15 秒", script.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_an_address_of_the_network_the_reports_open_and_the_simulated_crowd_is_not_limited()
    {
        var address = NetworkInterface
            .GetAllNetworkInterfaces()
            .SelectMany(n => n.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a));
        Assert.SkipWhen(address is null, "This machine has no address but loopback.");
        using var folder = new Folder();
        await using var script = Start(
            folder,
            "--simulate",
            ("ASPNETCORE_URLS", $"http://{address}:{ProgramRun.FreePort()}")
        );
        await script.UntilAsync(() =>
            script.HasExited || script.Errors.Contains("正在模拟群众", StringComparison.Ordinal)
        );

        Assert.Contains($"http://{address}:", Page().Match(script.Output).Groups[1].Value, StringComparison.Ordinal);
        Assert.Contains("正在模拟群众向 http://127.0.0.1:", script.Errors, StringComparison.Ordinal);
        using var client = new HttpClient();
        var reports = Reports().Match(script.Output).Groups[1].Value;
        Assert.True((await client.GetAsync(reports, Ct)).IsSuccessStatusCode, reports);
        script.Signal("TERM");
        await script.ExitAsync();
    }

    [Fact]
    public async Task A_second_start_needs_no_network_and_a_demonstration_gets_its_past_even_then()
    {
        using var folder = new Folder();
        var port = ProgramRun.FreePort();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        foreach (var argument in (string[])["", "--simulate"])
        {
            await using var script = Start(
                "run.sh",
                folder,
                argument,
                ("npm", "exit 1"),
                [("ASPNETCORE_URLS", $"http://127.0.0.1:{port}")]
            );
            await script.ServingAsync(client);
            script.Signal("TERM");
            await script.ExitAsync();
        }

        await using var database = new SqliteConnection($"Data Source={folder.Path}/data/serviceeval.db;Pooling=False");
        await database.OpenAsync(Ct);
        await using var count = new SqliteCommand("SELECT COUNT(*) FROM Ratings WHERE Tier = 6", database);
        Assert.True((long)(await count.ExecuteScalarAsync(Ct))! > 1_000);
        Assert.False(File.Exists(Path.Combine(folder.Path, "data", "past.csv")));
    }

    [Fact]
    public async Task A_past_whose_import_was_interrupted_is_completed_at_the_next_start()
    {
        using var folder = new Folder();
        var data = Path.Combine(folder.Path, "data");
        await using (var seed = ProgramRun.Start(folder.Path, "seed puyang"))
            Assert.Equal(0, await seed.ExitAsync());
        await using (var past = ProgramRun.Start(folder.Path, "simulate --history 1w --out data/past.csv"))
            Assert.Equal(0, await past.ExitAsync());
        var rows = await File.ReadAllLinesAsync(Path.Combine(data, "past.csv"), Ct);
        await File.WriteAllLinesAsync(Path.Combine(folder.Path, "first.csv"), rows.Take(100), Ct);
        await using (var first = ProgramRun.Start(folder.Path, "import ratings first.csv --source past --made-up"))
            Assert.Equal(0, await first.ExitAsync());
        var port = ProgramRun.FreePort();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        await using var script = Start(folder, "--simulate", ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"));
        await script.ServingAsync(client);
        script.Signal("TERM");
        await script.ExitAsync();

        Assert.Contains(
            $"新导入 {rows.Length - 100} 条，此前已导入 99 条，未导入 0 行。",
            script.Output,
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(Path.Combine(data, "past.csv")));
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
        Start("run.sh", folder, argument, ("curl", "exit 127"), environment);

    /// <param name="tool">One of the tools of the build and its script. The other tools do nothing.</param>
    private static ProgramRun Start(
        string file,
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
            Path.Combine(ProgramRun.Checkout, file),
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

    [GeneratedRegex(@"周报\s+(http\S+)")]
    private static partial Regex Reports();

    [GeneratedRegex(@"全部窗口\s+(.+)")]
    private static partial Regex Windows();
}
