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
    [InlineData("ServiceEval__DataDirectory", "", "ServiceEval__DataDirectory")]
    [InlineData("ASPNETCORE_URLS", "foo", "ASPNETCORE_URLS")]
    [InlineData("ASPNETCORE_URLS", "ftp://127.0.0.1:5080", "ASPNETCORE_URLS")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "many", "ASPNETCORE_HTTP_PORTS")]
    [InlineData("ServiceEval__PublicUrl", "https://hcp.example.gov.cn/hall", "ServiceEval__PublicUrl")]
    [InlineData("ServiceEval__PublicUrl", "https://hcp.example.gov.cn?a=1", "ServiceEval__PublicUrl")]
    [InlineData("ServiceEval__PublicUrl", "https://hcp.example.gov.cn#a", "ServiceEval__PublicUrl")]
    [InlineData("ServiceEval__PublicUrl", "https://me@hcp.example.gov.cn", "ServiceEval__PublicUrl")]
    public async Task A_wrong_setting_ends_every_verb_in_one_sentence_that_names_it(string name, string value, string named)
    {
        using var folder = new Folder();
        await using (var migrate = ProgramRun.Start(folder.Path, "migrate")) Assert.Equal(0, await migrate.ExitAsync());
        await using var verb = ProgramRun.Start(folder.Path, "windows", (name, value));

        Assert.Equal(1, await verb.ExitAsync());
        Assert.Contains(named, verb.Errors, StringComparison.Ordinal);
        Assert.Single(verb.Errors.Split('\n'));
        Assert.Empty(verb.Output);
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
    public async Task A_connection_string_of_another_kind_of_database_is_refused_without_being_repeated(string connectionString)
    {
        using var folder = new Folder();
        await using var verb = ProgramRun.Start(folder.Path, "windows", ("ServiceEval__Database", "postgresql"), ("ConnectionStrings__ServiceEval", connectionString));

        Assert.Equal(1, await verb.ExitAsync());
        Assert.Contains("ConnectionStrings__ServiceEval", Assert.Single(verb.Errors.Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain(connectionString, verb.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_wrong_settings_are_both_named()
    {
        using var folder = new Folder();
        await using var verb = ProgramRun.Start(folder.Path, "migrate", ("ServiceEval__Boards__BatchSize", "0"), ("ServiceEval__FloodFuse", "-1"));

        Assert.Equal(1, await verb.ExitAsync());
        Assert.Contains("ServiceEval__Boards__BatchSize", verb.Errors, StringComparison.Ordinal);
        Assert.Contains("ServiceEval__FloodFuse", verb.Errors, StringComparison.Ordinal);
    }
}
