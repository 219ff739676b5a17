namespace ServiceEval.Tests.Hosting;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("ServiceEval__FloodFuse", "abc", "ServiceEval:FloodFuse")]
    [InlineData("ServiceEval__Boards__BatchSize", "abc", "ServiceEval:Boards:BatchSize")]
    [InlineData("ServiceEval__Boards__BatchSize", "0", "ServiceEval:Boards:BatchSize")]
    [InlineData("ServiceEval__Reports__MinimumN", "0", "ServiceEval:Reports:MinimumN")]
    [InlineData("ConnectionStrings__ServiceEval", "garbage", "ConnectionStrings:ServiceEval")]
    [InlineData("ConnectionStrings__ServiceEval", "Cache=Shared", "ConnectionStrings:ServiceEval")]
    [InlineData("ServiceEval__DataDirectory", "", "ServiceEval:DataDirectory")]
    [InlineData("ServiceEval__DataDirectory", "/proc/x", "/proc/x 建不了")]
    [InlineData("ASPNETCORE_URLS", "foo", "ASPNETCORE_URLS")]
    [InlineData("ASPNETCORE_URLS", "ftp://127.0.0.1:5080", "ASPNETCORE_URLS")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "many", "ASPNETCORE_HTTP_PORTS")]
    [InlineData("ServiceEval__PublicUrl", "https://hcp.example.gov.cn/hall", "ServiceEval:PublicUrl")]
    [InlineData("ServiceEval__PublicUrl", "https://hcp.example.gov.cn?a=1", "ServiceEval:PublicUrl")]
    [InlineData("ServiceEval__PublicUrl", "https://hcp.example.gov.cn#a", "ServiceEval:PublicUrl")]
    [InlineData("ServiceEval__PublicUrl", "https://me@hcp.example.gov.cn", "ServiceEval:PublicUrl")]
    public async Task A_wrong_setting_ends_every_verb_in_one_sentence_that_names_it(string name, string value, string named)
    {
        using var folder = new Folder();
        await using var verb = ProgramRun.Start(folder.Path, "windows", (name, value));

        Assert.Equal(1, await verb.ExitAsync());
        Assert.Contains(named, verb.Errors, StringComparison.Ordinal);
        Assert.Single(verb.Errors.Split('\n'));
        Assert.Empty(verb.Output);
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
        Assert.Contains("ConnectionStrings:ServiceEval", Assert.Single(verb.Errors.Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain(connectionString, verb.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_wrong_settings_are_both_named()
    {
        using var folder = new Folder();
        await using var verb = ProgramRun.Start(folder.Path, "migrate", ("ServiceEval__Boards__BatchSize", "0"), ("ServiceEval__FloodFuse", "-1"));

        Assert.Equal(1, await verb.ExitAsync());
        Assert.Contains("ServiceEval:Boards:BatchSize", verb.Errors, StringComparison.Ordinal);
        Assert.Contains("ServiceEval:FloodFuse", verb.Errors, StringComparison.Ordinal);
    }
}
