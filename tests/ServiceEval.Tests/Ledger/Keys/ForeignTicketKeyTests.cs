using ServiceEval.Tests.Hosting;
using ServiceEval.Tests.Upkeep;

namespace ServiceEval.Tests.Ledger.Keys;

/// <summary>With the ticket keys of another installation no receipt leads to its rating.</summary>
public sealed class ForeignTicketKeyTests
{
    [Fact]
    public async Task Ticket_keys_of_another_installation_are_told_by_doctor_verify_and_restore()
    {
        using var folder = new Folder();
        var (restored, backup) = (Path.Combine(folder.Path, "restored"), Path.Combine(folder.Path, "backup.tar"));
        await using var other = await TestHost.StartAsync();
        await using var host = await TestHost.StartAsync();
        await host.RateAsync();
        Assert.Equal(0, (await host.CommandAsync("verify")).ExitCode);
        await host.StopAsync();
        File.Copy(KeyFile(other), KeyFile(host), overwrite: true);

        Assert.Matches("故障\t票据密钥\t.*回执", (await host.CommandAsync("doctor")).Output);
        var (verified, said, _) = await host.CommandAsync("verify");
        Assert.Equal(1, verified);
        Assert.Contains("票据密钥", said, StringComparison.Ordinal);
        await BackingUpTests.SayAsync(host.DataDirectory, "backup", backup);
        var (exitCode, output, errors) = await TestHost.CommandInAsync(restored, "restore", backup);
        Assert.True(exitCode == 1, output + errors);
        Assert.Contains("票据密钥", output, StringComparison.Ordinal);
    }

    private static string KeyFile(TestHost host) => Path.Combine(host.DataDirectory, "keys", "ticket-keys.json");
}
