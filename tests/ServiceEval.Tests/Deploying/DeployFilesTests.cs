using System.Management.Automation.Language;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Deploying;

/// <summary>
/// What can't be run here is at least read by the tool that will read it in service, or by one that knows the same grammar; each is
/// shown to refuse a file with a fault in it, so that its silence says something.
/// </summary>
public sealed partial class DeployFilesTests
{
    private static string Deploy { get; } = Path.Combine(ProgramRun.Checkout, "deploy");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("compose.postgresql.yaml", "condition: service_completed_successfully", "condition: service_finished")]
    [InlineData("compose.postgresql.yaml", "networks: [inside]", "networks: [nowhere]")]
    [InlineData("compose.postgresql.yaml", "secrets: [redis_password]", "secrets: [redis_passwort]")]
    [InlineData("compose.sqlserver.yaml", "read_only: true", "readonly: true")]
    [InlineData("compose.sqlserver.yaml", "node2:/var", "node3:/var")]
    public async Task Compose_files_are_resolved_by_docker_compose(string file, string right, string wrong) =>
        await AssertReadAsync(file, right, wrong, ResolveAsync);

    [Theory]
    [InlineData("reverse_proxy {$", "reverse_poxy {$")]
    [InlineData("lb_policy header X-Real-IP", "lb_policy X-Real-IP")]
    [InlineData("vars @passed_on", "vars @passed_to")]
    [InlineData("import nodes", "import node")]
    public async Task The_proxys_file_is_provisioned_by_Caddy(string right, string wrong) =>
        await AssertReadAsync("Caddyfile", right, wrong, path => ToolAsync("caddy", "validate", "--adapter", "caddyfile", "--config", path));

    [Theory]
    [InlineData("Type=notify", "Type=notified")]
    [InlineData("ProtectSystem=strict", "ProtectSytem=strict")]
    [InlineData("@system-service chroot", "@system-services chroot")]
    [InlineData("ExecStart=/bin/true serve", "ExecStart=bin/true serve")]
    public async Task The_unit_is_verified_by_systemd(string right, string wrong) =>
        // The program itself is not on this machine.
        await AssertReadAsync("serviceeval.service", right, wrong, path => ToolAsync("systemd-analyze", "verify", path), text => text.Replace("/opt/serviceeval/serviceeval", "/bin/true", StringComparison.Ordinal));

    [Theory]
    [InlineData("COPY --from=program /opt", "COPPY --from=program /opt")]
    [InlineData("EXPOSE 8080", "EXPOSE http")]
    [InlineData("HEALTHCHECK --interval=10s", "HEALTHCHECK --interval=10")]
    [InlineData("USER 10001:10001", "USER")]
    public async Task The_Dockerfile_is_validated_by_its_language_server(string right, string wrong) =>
        await AssertReadAsync("Dockerfile", right, wrong, path => ToolAsync("node", Path.Combine(ProgramRun.Checkout, "tests", "dockerfile-lint", "lint.mjs"), path));

    [Theory]
    [InlineData("archive.sh", "done", "don")]
    [InlineData("secrets.sh", "case \"${1:-}\" in", "case \"${1:-}\"")]
    [InlineData("screen/autostart-linux.sh", "\"$autostart\"", "\"$autostrt\"")]
    public async Task Shell_scripts_are_read_by_shellcheck(string file, string right, string wrong) =>
        await AssertReadAsync(file, right, wrong, path => ToolAsync("shellcheck", "--severity=warning", "--shell=bash", path));

    [Theory]
    [InlineData("}", "")]
    [InlineData("-notmatch", "-notmach")]
    [InlineData("| Select-Object", "| | Select-Object")]
    public async Task The_script_for_Windows_is_parsed_by_PowerShell(string right, string wrong) =>
        await AssertReadAsync("screen/autostart-windows.ps1", right, wrong, path =>
        {
            Parser.ParseFile(path, out _, out var errors);
            return Task.FromResult(errors.Length == 0 ? null : string.Join('\n', errors.Select(e => e.Message)));
        });

    [Fact]
    public async Task Windows_own_PowerShell_reads_the_script_as_UTF_8_and_cmd_its_lines()
    {
        Assert.Equal([0xef, 0xbb, 0xbf], (await File.ReadAllBytesAsync(Path.Combine(Deploy, "screen", "autostart-windows.ps1"), Ct))[..3]);
        var lines = (await File.ReadAllTextAsync(Path.Combine(Deploy, "screen", "autostart-windows.cmd"), Ct)).Split('\n')[..^1];
        Assert.All(lines, line => Assert.EndsWith("\r", line, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.All(line, letter => Assert.InRange(letter, '\0', '\x7f')));
    }

    [Theory]
    [InlineData("compose.postgresql.yaml")]
    [InlineData("compose.sqlserver.yaml")]
    public async Task No_password_stands_in_a_compose_file_and_each_secret_is_one_that_the_script_draws(string file)
    {
        using var folder = new Folder();
        File.Copy(Path.Combine(Deploy, "secrets.sh"), Path.Combine(folder.Path, "secrets.sh"));
        await using var drawn = ProgramRun.StartFile(folder.Path, "bash", ["secrets.sh", file.Split('.')[1]]);
        Assert.Equal(0, await drawn.ExitAsync());
        var names = Directory.EnumerateFiles(Path.Combine(folder.Path, "secrets")).Select(path => Path.GetFileName(path)).Order().ToList();
        var text = await File.ReadAllTextAsync(Path.Combine(Deploy, file), Ct);

        Assert.All(names, name => Assert.Contains($"{name}: {{file: ./secrets/{name}}}", text, StringComparison.Ordinal));
        Assert.Equal(names.Count, text.Split("file: ./secrets/").Length - 1);
        var (connection, password) = (await ReadAsync("connection"), await ReadAsync("database_password"));
        Assert.Contains($"Password={password}", connection, StringComparison.Ordinal);
        Assert.DoesNotContain("SA_PASSWORD:", text, StringComparison.Ordinal);

        // What is in use stays.
        await using var again = ProgramRun.StartFile(folder.Path, "bash", ["secrets.sh", file.Split('.')[1]]);
        Assert.Equal(0, await again.ExitAsync());
        Assert.Equal(password, await ReadAsync("database_password"));

        Task<string> ReadAsync(string name) => File.ReadAllTextAsync(Path.Combine(folder.Path, "secrets", name), Ct);
    }

    [Theory]
    [InlineData("postgresql", "sqlserver")]
    [InlineData("sqlserver", "postgresql")]
    public async Task Secrets_that_were_drawn_for_one_database_are_not_taken_for_the_other(string first, string second)
    {
        using var folder = new Folder();
        File.Copy(Path.Combine(Deploy, "secrets.sh"), Path.Combine(folder.Path, "secrets.sh"));
        await using var drawn = ProgramRun.StartFile(folder.Path, "bash", ["secrets.sh", first]);
        Assert.Equal(0, await drawn.ExitAsync());
        var connection = await File.ReadAllTextAsync(Path.Combine(folder.Path, "secrets", "connection"), Ct);

        await using var other = ProgramRun.StartFile(folder.Path, "bash", ["secrets.sh", second]);
        Assert.Equal(1, await other.ExitAsync());
        Assert.Contains("是为另一种数据库建立的", Assert.Single(other.Errors.Split('\n')), StringComparison.Ordinal);
        Assert.Equal(connection, await File.ReadAllTextAsync(Path.Combine(folder.Path, "secrets", "connection"), Ct));
    }

    [Theory]
    [InlineData("compose.postgresql.yaml")]
    [InlineData("compose.sqlserver.yaml")]
    public async Task Where_the_inner_network_is_taken_another_can_be_named_and_its_proxy_is_believed(string file)
    {
        using var folder = new Folder();
        await using var resolved = ProgramRun.StartFile(folder.Path, "docker-compose", ["--file", Path.Combine(Deploy, file), "config"],
            ("SERVICEEVAL_SITE", "hcp.example.gov.cn"), ("SERVICEEVAL_NETWORK", "10.9.8"));
        Assert.True(await resolved.ExitAsync() == 0, resolved.Errors);

        Assert.Contains("subnet: 10.9.8.0/24", resolved.Output, StringComparison.Ordinal);
        Assert.Contains("ipv4_address: 10.9.8.10", resolved.Output, StringComparison.Ordinal);
        Assert.Contains("ServiceEval__KnownProxies__0: 10.9.8.10", resolved.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compose.postgresql.yaml")]
    [InlineData("compose.sqlserver.yaml")]
    public async Task Without_the_sites_name_nothing_is_started_and_beside_the_file_it_is_found(string file)
    {
        using var folder = new Folder();
        File.Copy(Path.Combine(Deploy, file), Path.Combine(folder.Path, file));
        await using var without = ProgramRun.StartFile("/", "docker-compose", ["--file", Path.Combine(folder.Path, file), "config"]);
        Assert.NotEqual(0, await without.ExitAsync());
        Assert.Contains("请在 deploy/.env 中写明域名", without.Errors, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(folder.Path, ".env"), "SERVICEEVAL_SITE=hcp.example.gov.cn\n", Ct);
        await using var with = ProgramRun.StartFile("/", "docker-compose", ["--file", Path.Combine(folder.Path, file), "config"]);
        Assert.True(await with.ExitAsync() == 0, with.Errors);
        Assert.Contains("ServiceEval__PublicUrl: https://hcp.example.gov.cn", with.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compose.postgresql.yaml")]
    [InlineData("compose.sqlserver.yaml")]
    public async Task Redis_asks_for_its_password_which_was_on_no_command_line(string file)
    {
        using var folder = new Folder();
        var (port, secret) = (ProgramRun.FreePort(), Path.Combine(folder.Path, "redis_password"));
        await File.WriteAllTextAsync(secret, "Aa1secret", Ct);
        // The very script, but for what is elsewhere on this machine.
        var script = RedisScript().Match(await File.ReadAllTextAsync(Path.Combine(Deploy, file), Ct)).Groups["script"].Value
            .Replace("$$", "$", StringComparison.Ordinal).Replace("/run/secrets/redis_password", secret, StringComparison.Ordinal)
            .Replace("dir /tmp", $"dir {folder.Path}\nbind 127.0.0.1\nport {port}", StringComparison.Ordinal);
        script = Indent().Replace(script, "");
        await using var redis = ProgramRun.StartFile(folder.Path, "sh", ["-c", script]);

        await redis.UntilAsync(async () => redis.HasExited || await AskAsync("Aa1secret") == "PONG");
        Assert.False(redis.HasExited, redis.Output + redis.Errors);
        Assert.Contains("NOAUTH", await AskAsync(""), StringComparison.Ordinal);
        // Redis takes it off its own command line, but only once it runs.
        Assert.DoesNotContain("--requirepass", script, StringComparison.Ordinal);

        async Task<string> AskAsync(string password)
        {
            (string, string)[] known = password.Length > 0 ? [("REDISCLI_AUTH", password)] : [];
            await using var ask = ProgramRun.StartFile(folder.Path, "redis-cli", ["-p", $"{port}", "ping"], known);
            await ask.ExitAsync();
            return ask.Output.Trim();
        }
    }

    [Fact]
    public async Task No_check_of_SQL_Server_shows_its_password_in_the_list_of_processes()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Deploy, "compose.sqlserver.yaml"), Ct);

        var check = Assert.Single(text.Split('\n'), line => line.Contains("sqlcmd", StringComparison.Ordinal));
        Assert.Contains("SQLCMDPASSWORD=", check, StringComparison.Ordinal);
        Assert.DoesNotContain(" -P ", check, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_no_node_is_ready_people_get_a_nodes_own_answer_from_the_proxy()
    {
        using var folder = new Folder();
        // A node without its database.
        var asked = new TaskCompletionSource();
        var times = 0;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var node = builder.Build();
        node.MapGet("/healthz/live", () => Asked(StatusCodes.Status200OK));
        node.MapGet("/healthz/ready", () => Asked(StatusCodes.Status503ServiceUnavailable));
        node.MapGet("/w/example", (HttpContext context) =>
        {
            context.Response.Headers.RetryAfter = "5";
            return Results.Text("请稍后再试", statusCode: StatusCodes.Status503ServiceUnavailable);
        });
        await node.StartAsync(Ct);
        await using var proxy = Proxy(folder, out var site, node);
        await proxy.UntilAsync(() => proxy.HasExited || asked.Task.IsCompleted);
        Assert.False(proxy.HasExited, proxy.Errors);

        using var client = new HttpClient();
        using var answer = await client.GetAsync($"{site}/w/example", Ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("5", answer.Headers.GetValues("Retry-After").Single());
        Assert.Equal("请稍后再试", await answer.Content.ReadAsStringAsync(Ct));

        // Both groups of nodes have their first answer once either asks again.
        IResult Asked(int code)
        {
            if (Interlocked.Increment(ref times) > 2) asked.TrySetResult();
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
        await proxy.UntilAsync(async () => proxy.HasExited || (answer = await TryAsync(client, $"{site}/w/example")) is not null);
        Assert.False(proxy.HasExited, proxy.Errors);

        using (answer)
        {
            Assert.Contains(answer!.StatusCode, (HttpStatusCode[])[HttpStatusCode.ServiceUnavailable, HttpStatusCode.BadGateway]);
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
    public async Task Whom_a_firewall_in_front_names_is_believed_only_from_the_trusted_one(string trusted, string? named, string passedOn)
    {
        using var folder = new Folder();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var node = builder.Build();
        node.MapGet("/healthz/live", () => Results.Ok());
        node.MapGet("/{**path}", (HttpContext context) => Results.Text($"{context.Request.Headers["X-Forwarded-For"]}"));
        await node.StartAsync(Ct);
        await using var proxy = Proxy(folder, out var site, node, ("SERVICEEVAL_TRUSTED_PROXIES", trusted));
        using var client = new HttpClient();
        if (named is not null) client.DefaultRequestHeaders.Add("X-Forwarded-For", named);

        foreach (var path in (string[])["/w/example", "/hubs/board"])
        {
            HttpResponseMessage? answer = null;
            await proxy.UntilAsync(async () => proxy.HasExited || (answer = await TryAsync(client, site + path)) is { IsSuccessStatusCode: true });
            Assert.False(proxy.HasExited, proxy.Errors);
            Assert.Equal(passedOn, await answer!.Content.ReadAsStringAsync(Ct));
        }
    }

    /// <summary>Caddy with the very file, before the one node or before a port where nobody listens.</summary>
    private static ProgramRun Proxy(Folder folder, out string site, WebApplication? node = null, params (string, string)[] settings)
    {
        site = $"http://127.0.0.1:{ProgramRun.FreePort()}";
        var to = node is null ? $"127.0.0.1:{ProgramRun.FreePort()}" : new Uri(node.Urls.Single()).Authority;
        return ProgramRun.StartFile(folder.Path, "caddy", ["run", "--adapter", "caddyfile", "--config", Path.Combine(Deploy, "Caddyfile")],
            [("SERVICEEVAL_SITE", site), ("SERVICEEVAL_NODES", to), ("XDG_DATA_HOME", folder.Path), ("XDG_CONFIG_HOME", folder.Path), .. settings]);
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

    [Fact]
    public async Task The_desktop_of_a_screens_PC_gets_one_line_that_it_can_start()
    {
        using var folder = new Folder();
        // A folder as people name it.
        var here = Directory.CreateDirectory(Path.Combine(folder.Path, "大厅 屏幕")).FullName;
        File.Copy(Path.Combine(Deploy, "screen", "autostart-linux.sh"), Path.Combine(here, "autostart-linux.sh"));
        await using var set = ProgramRun.StartFile(here, "bash", ["autostart-linux.sh", "http://192.168.1.10:5080/", "example"], ("HOME", here), ("XDG_CONFIG_HOME", Path.Combine(folder.Path, "config")));
        Assert.Equal(0, await set.ExitAsync());

        var path = Path.Combine(folder.Path, "config", "autostart", "serviceeval-screen.desktop");
        var page = new Uri(Path.Combine(here, "start.html")).AbsoluteUri.Replace("%", "%%", StringComparison.Ordinal);
        Assert.Contains($"\"{page}?server=http://192.168.1.10:5080&hall=example\"", await File.ReadAllTextAsync(path, Ct), StringComparison.Ordinal);
        Assert.Null(await ToolAsync("desktop-file-validate", path));
    }

    /// <summary>This docker-compose looks up services and volumes by name, networks and secrets only when it starts them.</summary>
    private static async Task<string?> ResolveAsync(string path)
    {
        await using var tool = ProgramRun.StartFile(Path.GetDirectoryName(path)!, "docker-compose", ["--file", path, "config"], ("SERVICEEVAL_SITE", "hcp.example.gov.cn"));
        if (await tool.ExitAsync() != 0) return $"docker-compose: {tool.Errors}";
        var blocks = TopLevel().Split(tool.Output).Where(block => block.Length > 0).ToDictionary(block => block.Split(':')[0]);
        var named = SecretName().Matches(blocks["services"]).Select(m => m.Groups[1].Value).Except(Keys("secrets"))
            .Concat(NetworkNames().Matches(blocks["services"]).SelectMany(m => m.Groups[1].Captures).Select(c => c.Value).Except(Keys("networks")));
        return string.Join(", ", named) is { Length: > 0 } undefined ? $"undefined: {undefined}" : null;

        IEnumerable<string> Keys(string block) => Key().Matches(blocks[block]).Select(m => m.Groups[1].Value);
    }

    [GeneratedRegex(@"      - \|\n(?<script>(?:        [^\n]*\n)+)")]
    private static partial Regex RedisScript();

    [GeneratedRegex("^        ", RegexOptions.Multiline)]
    private static partial Regex Indent();

    [GeneratedRegex(@"^(?=[a-z])", RegexOptions.Multiline)]
    private static partial Regex TopLevel();

    [GeneratedRegex(@"^  (\w+):", RegexOptions.Multiline)]
    private static partial Regex Key();

    [GeneratedRegex(@"^    - source: (\w+)", RegexOptions.Multiline)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"^    networks:\n(?:      (\w+):[^\n]*\n(?:        [^\n]*\n)*)+", RegexOptions.Multiline)]
    private static partial Regex NetworkNames();

    /// <param name="read">Null if the tool has nothing to say against the file, otherwise what.</param>
    /// <param name="prepare">What this machine needs to have changed first.</param>
    private static async Task AssertReadAsync(string file, string right, string wrong, Func<string, Task<string?>> read, Func<string, string>? prepare = null)
    {
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, Path.GetFileName(file));
        var text = await File.ReadAllTextAsync(Path.Combine(Deploy, file), Ct);
        text = prepare?.Invoke(text) ?? text;
        await File.WriteAllTextAsync(path, text, Ct);
        Assert.Null(await read(path));

        var at = text.IndexOf(right, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{file} has no {right}.");
        await File.WriteAllTextAsync(path, text[..at] + wrong + text[(at + right.Length)..], Ct);
        Assert.NotNull(await read(path));
    }

    /// <summary>A missing tool fails by its name, for test.sh installs all of them; what one warns of counts as said.</summary>
    private static async Task<string?> ToolAsync(params string[] command)
    {
        using var folder = new Folder();
        await using var tool = ProgramRun.StartFile(folder.Path, command[0], command[1..]);
        var code = await tool.ExitAsync();
        Assert.True(code != 127, $"{command[0]} is needed to check the files in deploy/, and test.sh installs it: {tool.Errors}");
        // systemd-analyze only warns of what it ignores.
        var said = command[0] == "systemd-analyze" ? tool.Errors : "";
        return code == 0 && said.Length == 0 ? null : $"{command[0]} ({code}): {tool.Output}{tool.Errors}";
    }
}
