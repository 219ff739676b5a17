using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Deploying;

/// <summary>
/// Files that cannot run here are read by the tool that reads them in service, or by a tool that knows the same
/// grammar. Each test also shows that the tool refuses a file with a fault. Otherwise the silence of the tool would
/// prove nothing.
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
        await AssertReadAsync(
            "Caddyfile",
            right,
            wrong,
            path => ToolAsync("caddy", "validate", "--adapter", "caddyfile", "--config", path)
        );

    [Theory]
    [InlineData("Type=notify", "Type=notified")]
    [InlineData("ProtectSystem=strict", "ProtectSytem=strict")]
    [InlineData("@system-service chroot", "@system-services chroot")]
    [InlineData("ExecStart=/bin/true serve", "ExecStart=bin/true serve")]
    public async Task The_unit_is_verified_by_systemd(string right, string wrong) =>
        // The program is not installed on this machine.
        await AssertReadAsync(
            "serviceeval.service",
            right,
            wrong,
            path => ToolAsync("systemd-analyze", "verify", path),
            text => text.Replace("/opt/serviceeval/serviceeval", "/bin/true", StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("COPY --from=program /opt", "COPPY --from=program /opt")]
    [InlineData("EXPOSE 8080", "EXPOSE http")]
    [InlineData("HEALTHCHECK --interval=10s", "HEALTHCHECK --interval=10")]
    [InlineData("USER 10001:10001", "USER")]
    public async Task The_Dockerfile_is_validated_by_its_language_server(string right, string wrong) =>
        await AssertReadAsync(
            "Dockerfile",
            right,
            wrong,
            path => ToolAsync("node", Path.Combine(ProgramRun.Checkout, "tests", "dockerfile-lint", "lint.mjs"), path)
        );

    [Theory]
    [InlineData("archive.sh", "done", "don")]
    [InlineData("secrets.sh", "case \"${1:-}\" in", "case \"${1:-}\"")]
    [InlineData("screen/autostart-linux.sh", "\"$autostart\"", "\"$autostrt\"")]
    [InlineData("../run.sh", "set -euo", "if set -euo")]
    [InlineData("../test.sh", "set -uo", "if set -uo")]
    [InlineData("../serviceeval", "set -euo", "if set -euo")]
    [InlineData("../src/build.sh", "set -euo", "if set -euo")]
    public async Task Shell_scripts_are_read_by_shellcheck(string file, string right, string wrong) =>
        await AssertReadAsync(
            file,
            right,
            wrong,
            path => ToolAsync("shellcheck", "--severity=warning", "--shell=bash", path)
        );

    [Theory]
    [InlineData("}", "")]
    [InlineData("-notmatch", "-notmach")]
    [InlineData("| Select-Object", "| | Select-Object")]
    public async Task The_script_for_Windows_is_parsed_by_PowerShell(string right, string wrong) =>
        await AssertReadAsync(
            "screen/autostart-windows.ps1",
            right,
            wrong,
            path =>
            {
                Parser.ParseFile(path, out _, out var errors);
                return Task.FromResult(errors.Length == 0 ? null : string.Join('\n', errors.Select(e => e.Message)));
            }
        );

    [Fact]
    public async Task Windows_own_PowerShell_reads_the_script_as_UTF_8_and_cmd_its_lines()
    {
        Assert.Equal(
            [0xef, 0xbb, 0xbf],
            (await File.ReadAllBytesAsync(Path.Combine(Deploy, "screen", "autostart-windows.ps1"), Ct))[..3]
        );
        var lines = (await File.ReadAllTextAsync(Path.Combine(Deploy, "screen", "autostart-windows.cmd"), Ct)).Split(
            '\n'
        )[..^1];
        Assert.All(lines, line => Assert.EndsWith("\r", line, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.All(line, letter => Assert.InRange(letter, '\0', '\x7f')));
    }

    [Fact]
    public async Task The_desktop_of_a_screens_PC_gets_one_line_that_it_can_start()
    {
        using var folder = new Folder();
        // The folder has a name as people choose it.
        var here = Directory.CreateDirectory(Path.Combine(folder.Path, "大厅 屏幕")).FullName;
        File.Copy(Path.Combine(Deploy, "screen", "autostart-linux.sh"), Path.Combine(here, "autostart-linux.sh"));
        await using var set = ProgramRun.StartFile(
            here,
            "bash",
            ["autostart-linux.sh", "http://192.168.1.10:5080/", "example"],
            ("HOME", here),
            ("XDG_CONFIG_HOME", Path.Combine(folder.Path, "config"))
        );
        Assert.Equal(0, await set.ExitAsync());

        var path = Path.Combine(folder.Path, "config", "autostart", "serviceeval-screen.desktop");
        var page = new Uri(Path.Combine(here, "start.html")).AbsoluteUri.Replace("%", "%%", StringComparison.Ordinal);
        Assert.Contains(
            $"\"{page}?server=http://192.168.1.10:5080&hall=example\"",
            await File.ReadAllTextAsync(path, Ct),
            StringComparison.Ordinal
        );
        Assert.Null(await ToolAsync("desktop-file-validate", path));
    }

    /// <summary>
    /// Resolves names. This version of docker-compose checks the names of services and volumes. It checks networks and
    /// secrets only when it starts them.
    /// </summary>
    private static async Task<string?> ResolveAsync(string path)
    {
        await using var tool = ProgramRun.StartFile(
            Path.GetDirectoryName(path)!,
            "docker-compose",
            ["--file", path, "config"],
            ("SERVICEEVAL_SITE", "hcp.example.gov.cn")
        );
        if (await tool.ExitAsync() != 0)
            return $"docker-compose: {tool.Errors}";
        var blocks = TopLevel()
            .Split(tool.Output)
            .Where(block => block.Length > 0)
            .ToDictionary(block => block.Split(':')[0]);
        var named = SecretName()
            .Matches(blocks["services"])
            .Select(m => m.Groups[1].Value)
            .Except(Keys("secrets"))
            .Concat(
                NetworkNames()
                    .Matches(blocks["services"])
                    .SelectMany(m => m.Groups[1].Captures)
                    .Select(c => c.Value)
                    .Except(Keys("networks"))
            );
        return string.Join(", ", named) is { Length: > 0 } undefined ? $"undefined: {undefined}" : null;

        IEnumerable<string> Keys(string block) => Key().Matches(blocks[block]).Select(m => m.Groups[1].Value);
    }

    [GeneratedRegex(@"^(?=[a-z])", RegexOptions.Multiline)]
    private static partial Regex TopLevel();

    [GeneratedRegex(@"^  (\w+):", RegexOptions.Multiline)]
    private static partial Regex Key();

    [GeneratedRegex(@"^    - source: (\w+)", RegexOptions.Multiline)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"^    networks:\n(?:      (\w+):[^\n]*\n(?:        [^\n]*\n)*)+", RegexOptions.Multiline)]
    private static partial Regex NetworkNames();

    /// <param name="read">Returns null if the tool accepts the file, otherwise the output of the tool.</param>
    /// <param name="prepare">Makes the changes to the file that this machine needs.</param>
    private static async Task AssertReadAsync(
        string file,
        string right,
        string wrong,
        Func<string, Task<string?>> read,
        Func<string, string>? prepare = null
    )
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

    /// <summary>
    /// Runs a tool. A missing tool fails the test by its name, because test.sh installs all tools. Warnings of
    /// systemd-analyze count as output.
    /// </summary>
    private static async Task<string?> ToolAsync(params string[] command)
    {
        using var folder = new Folder();
        await using var tool = ProgramRun.StartFile(folder.Path, command[0], command[1..]);
        var code = await tool.ExitAsync();
        Assert.True(
            code != 127,
            $"{command[0]} is needed to check the files in deploy/, and test.sh installs it: {tool.Errors}"
        );
        // systemd-analyze only warns of lines that it ignores.
        var said = command[0] == "systemd-analyze" ? tool.Errors : "";
        return code == 0 && said.Length == 0 ? null : $"{command[0]} ({code}): {tool.Output}{tool.Errors}";
    }
}
