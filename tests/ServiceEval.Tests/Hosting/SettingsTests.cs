namespace ServiceEval.Tests.Hosting;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("ServiceEval__FloodFuse", "abc", "ServiceEval__FloodFuse")]
    [InlineData("ServiceEval__Boards__BatchSize", "abc", "ServiceEval__Boards__BatchSize")]
    [InlineData("ServiceEval__Boards__BatchSize", "0", "ServiceEval__Boards__BatchSize")]
    [InlineData("ServiceEval__Reports__MinimumN", "0", "ServiceEval__Reports__MinimumN")]
    [InlineData("ConnectionStrings__ServiceEval", "garbage", "ConnectionStrings__ServiceEval")]
    [InlineData("ConnectionStrings__ServiceEval", "Cache=Shared", "ConnectionStrings__ServiceEval")]
    [InlineData("ServiceEval__LogFormat", "txt", "ServiceEval__LogFormat 应为 json 或 text")]
    [InlineData("ServiceEval__DataDirectory", "", "ServiceEval__DataDirectory")]
    [InlineData("ASPNETCORE_URLS", "foo", "ASPNETCORE_URLS")]
    [InlineData("ASPNETCORE_URLS", "ftp://127.0.0.1:5080", "ASPNETCORE_URLS")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "many", "ASPNETCORE_HTTP_PORTS")]
    [InlineData("ServiceEval__PublicUrl", "https://hcp.example.gov.cn/hall", "ServiceEval__PublicUrl")]
    [InlineData("ServiceEval__PublicUrl", "https://hcp.example.gov.cn?a=1", "ServiceEval__PublicUrl")]
    [InlineData("ServiceEval__PublicUrl", "https://hcp.example.gov.cn#a", "ServiceEval__PublicUrl")]
    [InlineData("ServiceEval__PublicUrl", "https://me@hcp.example.gov.cn", "ServiceEval__PublicUrl")]
    [InlineData("ServiceEval__PublicUrl", "https://hcp.example.gov.cn ", "ServiceEval__PublicUrl")]
    [InlineData("ServiceEval__PublicUrl", "https://hcp.example.gov.cn\r", "ServiceEval__PublicUrl")]
    [InlineData("ServiceEval__PublicUrl", "https://hcp.example.gov.cn:99999", "ServiceEval__PublicUrl")]
    [InlineData("ServiceEval__DataDirectory", "data\r", "ServiceEval__DataDirectory")]
    [InlineData("ServiceEval__Backup__Directory", "backup\r", "ServiceEval__Backup__Directory")]
    [InlineData("ServiceEval__Backup__At", "25:00", "ServiceEval__Backup__At")]
    [InlineData("ServiceEval__Receipts__DetailWorkingDays", "-1", "ServiceEval__Receipts__DetailWorkingDays")]
    [InlineData("ServiceEval__FloodFuse", "99999999999", "ServiceEval__FloodFuse")]
    [InlineData("ServiceEval__Reports__Weights__Satisfied", "NaN", "ServiceEval__Reports__Weights")]
    [InlineData("ServiceEval__Redis", "127.0.0.1:99999", "ServiceEval__Redis")]
    [InlineData("ServiceEval__Redis", "127.0.0.1,connectTimeout=soon", "ServiceEval__Redis")]
    [InlineData("ServiceEval__Redis", "127.0.0.1,connectTimeout=99999999999", "ServiceEval__Redis")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("ConnectionStrings__ServiceEval", "Data Source=x;Mode=Memory", "ConnectionStrings__ServiceEval")]
    [InlineData("ConnectionStrings__ServiceEval", "Data Source=x\r", "ConnectionStrings__ServiceEval")]
    public async Task A_wrong_setting_ends_every_verb_in_one_sentence_that_names_it(
        string name,
        string value,
        string named
    )
    {
        using var folder = new Folder();
        await using (var migrate = ProgramRun.Start(folder.Path, "migrate"))
            Assert.Equal(0, await migrate.ExitAsync());
        await using var verb = ProgramRun.Start(folder.Path, "windows", (name, value));

        Assert.Equal(1, await verb.ExitAsync());
        Assert.Contains(named, verb.Errors, StringComparison.Ordinal);
        Assert.Single(verb.Errors.Split('\n'));
        Assert.Empty(verb.Output);
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:99999")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:80x")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:-1")]
    [InlineData("ASPNETCORE_URLS", "http://[::1:5080")]
    [InlineData("ASPNETCORE_URLS", " http://127.0.0.1:5080")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:5080\r")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "99999")]
    [InlineData("ServiceEval__LogDirectory", "logs\r")]
    public async Task An_address_or_directory_that_only_serving_needs_ends_the_start_in_one_sentence(
        string name,
        string value
    )
    {
        using var folder = new Folder();
        await using var serve = ProgramRun.Start(folder.Path, "serve", (name, value));

        Assert.Equal(1, await serve.ExitAsync());
        Assert.Contains(name, Assert.Single(serve.Errors.Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_zone_that_the_machine_lacks_is_named()
    {
        await using var host = await TestHost.StartAsync();
        await host.StopAsync();
        await host.QueryAsync("UPDATE Halls SET TimeZone = 'Mars/Olympus'");
        foreach (var verb in (string[])["serve", "windows"])
        {
            var (exitCode, _, errors) = await host.CommandAsync(verb);
            Assert.Equal(1, exitCode);
            Assert.Contains(
                "时区“Mars/Olympus”",
                Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=99999;Database=x")]
    [InlineData("Host=127.0.0.1;Database=x;Minimum Pool Size=200")]
    [InlineData("Host=127.0.0.1;Database=x;Timeout=99999999999")]
    [InlineData("Host=127.0.0.1;Database=x;SSL Mode=Perhaps")]
    public async Task A_connection_string_with_a_value_out_of_range_is_one_sentence(string connectionString)
    {
        using var folder = new Folder();
        await using var verb = ProgramRun.Start(
            folder.Path,
            "windows",
            ("ServiceEval__Database", "postgresql"),
            ("ConnectionStrings__ServiceEval", connectionString)
        );

        Assert.Equal(1, await verb.ExitAsync());
        Assert.Contains(
            "ConnectionStrings__ServiceEval",
            Assert.Single(verb.Errors.Split('\n')),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_data_directory_that_can_not_be_made_is_named()
    {
        using var folder = new Folder();
        await using var verb = ProgramRun.Start(folder.Path, "migrate", ("ServiceEval__DataDirectory", "/proc/x"));

        Assert.Equal(1, await verb.ExitAsync());
        Assert.Contains("/proc/x 建不了", Assert.Single(verb.Errors.Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Data Source=/var/lib/serviceeval/serviceeval.db")]
    [InlineData("Host=127.0.0.1;Username=serviceeval")]
    [InlineData("nonsense")]
    public async Task A_connection_string_of_another_kind_of_database_is_refused_without_being_repeated(
        string connectionString
    )
    {
        using var folder = new Folder();
        await using var verb = ProgramRun.Start(
            folder.Path,
            "windows",
            ("ServiceEval__Database", "postgresql"),
            ("ConnectionStrings__ServiceEval", connectionString)
        );

        Assert.Equal(1, await verb.ExitAsync());
        Assert.Contains(
            "ConnectionStrings__ServiceEval",
            Assert.Single(verb.Errors.Split('\n')),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(connectionString, verb.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_wrong_settings_are_both_named()
    {
        using var folder = new Folder();
        await using var verb = ProgramRun.Start(
            folder.Path,
            "migrate",
            ("ServiceEval__Boards__BatchSize", "0"),
            ("ServiceEval__FloodFuse", "-1")
        );

        Assert.Equal(1, await verb.ExitAsync());
        Assert.Contains("ServiceEval__Boards__BatchSize", verb.Errors, StringComparison.Ordinal);
        Assert.Contains("ServiceEval__FloodFuse", verb.Errors, StringComparison.Ordinal);
    }
}
