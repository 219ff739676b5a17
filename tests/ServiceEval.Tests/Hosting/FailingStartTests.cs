using System.Net;
using System.Net.Sockets;
using ServiceEval.Web.Commands;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Tests.Hosting;

/// <summary>A start that cannot succeed ends at once, with one sentence that tells the operator what to do.</summary>
public sealed class FailingStartTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("serviceeval-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("ServiceEval:Database", "oracle", "ServiceEval__Database")]
    [InlineData("ServiceEval:Database", "", "ServiceEval__Database")]
    [InlineData("ServiceEval:Database", "postgresql", "ConnectionStrings__ServiceEval")]
    [InlineData("ServiceEval:Database", "sqlserver", "ConnectionStrings__ServiceEval")]
    [InlineData("ServiceEval:DataDirectory", "", "ServiceEval__DataDirectory")]
    [InlineData("ServiceEval:PublicUrl", "hcp.example.gov.cn", "ServiceEval__PublicUrl")]
    [InlineData("ServiceEval:FloodFuse", "-1", "ServiceEval__FloodFuse")]
    [InlineData("ServiceEval:KnownProxies:0", "proxy.local", "ServiceEval__KnownProxies")]
    [InlineData("ServiceEval:Boards:BatchSize", "0", "ServiceEval__Boards__BatchSize")]
    [InlineData("ServiceEval:Boards:BatchSize", "five", "ServiceEval__Boards__BatchSize")]
    [InlineData("ServiceEval:Boards:MinimumN", "0", "ServiceEval__Boards__MinimumN")]
    [InlineData("ServiceEval:Reports:MinimumN", "0", "ServiceEval__Reports__MinimumN")]
    [InlineData("ServiceEval:Receipts:MissesPerMinute", "0", "ServiceEval__Receipts__MissesPerMinute")]
    [InlineData("ConnectionStrings:ServiceEval", "Nonsense=1", "ConnectionStrings__ServiceEval")]
    [InlineData("ConnectionStrings:ServiceEval", "Data Source=/nowhere/at/all.db", "数据库")]
    [InlineData("URLS", "http://203.0.113.1:5080", "ASPNETCORE_URLS")]
    public async Task A_wrong_setting_is_named(string name, string value, string named)
    {
        // These cases run in this process because there are many. The two tests below check that the sentence is the
        // whole output.
        var refusal = await Record.ExceptionAsync(() =>
            TestHost.StartInAsync(_directory, ownsDirectory: false, (name, value))
        );
        var sentence = CommandLine.Sentence(Assert.IsType<Exception>(refusal, exactMatch: false));
        Assert.True(sentence is not null, $"Nobody can act on this: {refusal}");
        Assert.Contains(named, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', sentence);
    }

    [Theory]
    [InlineData("ServiceEval__Boards__BatchSize", "1001", "ServiceEval__Boards__BatchSize")]
    [InlineData("ServiceEval__FloodFuse", "many", "ServiceEval__FloodFuse")]
    [InlineData("ASPNETCORE_URLS", "nonsense", "ASPNETCORE_URLS")]
    public async Task Only_the_wrong_setting_is_printed(string name, string value, string named) =>
        AssertOneSentence(named, await new ServiceProcess(_directory).With(name, value).RunAsync("serve"));

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";
        AssertOneSentence(
            address,
            await new ServiceProcess(_directory).With("ASPNETCORE_URLS", address).RunAsync("serve")
        );
    }

    [Fact]
    public async Task A_set_that_does_not_exist_is_answered_with_those_that_do() =>
        AssertOneSentence("minimal", await new ServiceProcess(_directory).RunAsync("seed", "nowhere"));

    [Theory]
    [InlineData("serve", 0)]
    [InlineData("verify", 100)]
    public async Task A_damaged_database_is_said_to_be_one(string verb, int damagedFrom)
    {
        await using (var host = await TestHost.StartInAsync(_directory, ownsDirectory: false))
            await host.RateAsync();
        var path = Path.Combine(_directory, "serviceeval.db");
        await using (var file = new FileStream(path, FileMode.Open, FileAccess.Write))
        {
            file.Position = damagedFrom;
            file.Write(Enumerable.Repeat((byte)0x5a, (int)file.Length - damagedFrom).ToArray());
        }
        AssertOneSentence("损坏", await new ServiceProcess(_directory).RunAsync(verb));
    }

    [Fact]
    public async Task A_data_directory_that_is_a_file_is_named()
    {
        var file = Path.Combine(_directory, "file");
        await File.WriteAllTextAsync(file, "", Ct);
        AssertOneSentence(file, await new ServiceProcess(file).RunAsync("serve"));
    }

    [Fact]
    public async Task A_data_directory_that_can_not_be_written_is_named()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Permissions are set in another way on Windows.");
            return;
        }
        // Root may write everywhere unless the process gives up this right.
        string[] restrained = Environment.IsPrivilegedProcess ? ["setpriv", "--bounding-set=-dac_override"] : [];
        if (restrained.Length > 0 && await OutsideTool.TryAsync([.. restrained, "true"]) is { } why)
            Assert.Skip($"This user may write everywhere and can't give that up: {why}");
        File.SetUnixFileMode(_directory, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            AssertOneSentence(_directory, await new ServiceProcess(_directory).Under(restrained).RunAsync("serve"));
        }
        finally
        {
            File.SetUnixFileMode(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task A_damaged_key_file_is_named()
    {
        var keys = Directory.CreateDirectory(Path.Combine(_directory, "keys")).FullName;
        await File.WriteAllTextAsync(Path.Combine(keys, "ticket-keys.json"), "[", Ct);
        AssertOneSentence("ticket-keys.json", await new ServiceProcess(_directory).RunAsync("serve"));
    }

    private static void AssertOneSentence(string named, (int ExitCode, string Output, string Errors) end)
    {
        Assert.True(end.ExitCode is 1 or 2, $"Exit code {end.ExitCode}: {end.Errors}{end.Output}");
        Assert.Contains(
            named,
            Assert.Single(end.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("   at ", end.Output, StringComparison.Ordinal);
    }
}
