using System.Net;
using System.Net.Sockets;

namespace ServiceEval.Tests.Hosting;

public sealed class ListeningTests
{
    [Fact]
    public async Task Without_a_setting_the_port_served_is_the_one_that_QR_codes_carry()
    {
        using var folder = new Folder();
        await using var server = ProgramRun.Start(folder.Path, "serve");

        // If another process has the port, the refusal names the port.
        await server.UntilAsync(() =>
            (server.Output + server.Errors).Contains("listening on", StringComparison.OrdinalIgnoreCase)
            || server.HasExited
        );

        Assert.Contains(
            "http://127.0.0.1:5080",
            server.Output.Split('\n').LastOrDefault(l => l.Contains("listening", StringComparison.Ordinal))
                + server.Errors,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task QR_codes_carry_the_port_that_ASPNETCORE_HTTP_PORTS_names()
    {
        using var folder = new Folder();
        await using (var seed = ProgramRun.Start(folder.Path, "seed minimal"))
            Assert.Equal(0, await seed.ExitAsync());
        await using var windows = ProgramRun.Start(folder.Path, "windows", ("ASPNETCORE_HTTP_PORTS", "8090;8091"));

        Assert.Equal(0, await windows.ExitAsync());
        Assert.Contains("http://localhost:8090/w/", windows.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_said_in_one_sentence_and_no_stack_trace()
    {
        using var folder = new Folder();
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        await using var server = ProgramRun.Start(
            folder.Path,
            "serve",
            ("ASPNETCORE_URLS", $"http://127.0.0.1:{((IPEndPoint)holder.LocalEndpoint).Port}")
        );

        Assert.Equal(1, await server.ExitAsync());
        Assert.Contains("端口已被占用", Assert.Single(server.Errors.Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", server.Output, StringComparison.Ordinal);
    }
}
