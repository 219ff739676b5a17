using System.Text.RegularExpressions;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Deploying;

/// <summary>
/// Tests promises of the compose files that their grammar does not check. The shell scripts in the files are run.
/// </summary>
public sealed partial class ComposeFilesTests
{
    private static string Deploy { get; } = Path.Combine(ProgramRun.Checkout, "deploy");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("compose.postgresql.yaml")]
    [InlineData("compose.sqlserver.yaml")]
    public async Task No_password_stands_in_a_compose_file_and_each_secret_is_one_that_the_script_draws(string file)
    {
        using var folder = new Folder();
        File.Copy(Path.Combine(Deploy, "secrets.sh"), Path.Combine(folder.Path, "secrets.sh"));
        await using var drawn = ProgramRun.StartFile(folder.Path, "bash", ["secrets.sh", file.Split('.')[1]]);
        Assert.Equal(0, await drawn.ExitAsync());
        var names = Directory
            .EnumerateFiles(Path.Combine(folder.Path, "secrets"))
            .Select(path => Path.GetFileName(path))
            .Order()
            .ToList();
        var text = await File.ReadAllTextAsync(Path.Combine(Deploy, file), Ct);

        Assert.All(
            names,
            name => Assert.Contains($"{name}: {{file: ./secrets/{name}}}", text, StringComparison.Ordinal)
        );
        Assert.Equal(names.Count, text.Split("file: ./secrets/").Length - 1);
        var (connection, password) = (await ReadAsync("connection"), await ReadAsync("database_password"));
        Assert.Contains($"Password={password}", connection, StringComparison.Ordinal);
        Assert.DoesNotContain("SA_PASSWORD:", text, StringComparison.Ordinal);

        // A password in use must not change.
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
        await using var resolved = ProgramRun.StartFile(
            folder.Path,
            "docker-compose",
            ["--file", Path.Combine(Deploy, file), "config"],
            ("SERVICEEVAL_SITE", "hcp.example.gov.cn"),
            ("SERVICEEVAL_NETWORK", "10.9.8")
        );
        Assert.True(await resolved.ExitAsync() == 0, resolved.Errors);

        Assert.Contains("subnet: 10.9.8.0/24", resolved.Output, StringComparison.Ordinal);
        Assert.Contains("ipv4_address: 10.9.8.10", resolved.Output, StringComparison.Ordinal);
        Assert.Contains("ServiceEval__KnownProxies__0: 10.9.8.10", resolved.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compose.postgresql.yaml")]
    [InlineData("compose.sqlserver.yaml")]
    public async Task Compose_does_not_start_without_the_site_name_and_reads_it_from_a_file_beside_it(string file)
    {
        using var folder = new Folder();
        File.Copy(Path.Combine(Deploy, file), Path.Combine(folder.Path, file));
        await using var without = ProgramRun.StartFile(
            "/",
            "docker-compose",
            ["--file", Path.Combine(folder.Path, file), "config"]
        );
        Assert.NotEqual(0, await without.ExitAsync());
        Assert.Contains("请在 deploy/.env 中写明域名", without.Errors, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(folder.Path, ".env"), "SERVICEEVAL_SITE=hcp.example.gov.cn\n", Ct);
        await using var with = ProgramRun.StartFile(
            "/",
            "docker-compose",
            ["--file", Path.Combine(folder.Path, file), "config"]
        );
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
        // Run the script of the file. Only the paths and the port that differ on this machine are replaced.
        var script = RedisScript()
            .Match(await File.ReadAllTextAsync(Path.Combine(Deploy, file), Ct))
            .Groups["script"]
            .Value.Replace("$$", "$", StringComparison.Ordinal)
            .Replace("/run/secrets/redis_password", secret, StringComparison.Ordinal)
            .Replace("dir /tmp", $"dir {folder.Path}\nbind 127.0.0.1\nport {port}", StringComparison.Ordinal);
        script = Indent().Replace(script, "");
        await using var redis = ProgramRun.StartFile(folder.Path, "sh", ["-c", script]);

        await redis.UntilAsync(async () => redis.HasExited || await AskAsync("Aa1secret") == "PONG");
        Assert.False(redis.HasExited, redis.Output + redis.Errors);
        Assert.Contains("NOAUTH", await AskAsync(""), StringComparison.Ordinal);
        // Redis removes a password from its own command line, but only after it has started.
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

    [GeneratedRegex(@"      - \|\n(?<script>(?:        [^\n]*\n)+)")]
    private static partial Regex RedisScript();

    [GeneratedRegex("^        ", RegexOptions.Multiline)]
    private static partial Regex Indent();
}
