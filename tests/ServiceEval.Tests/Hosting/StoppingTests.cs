namespace ServiceEval.Tests.Hosting;

public sealed class StoppingTests
{
    /// <summary>systemd treats an exit code other than 0 as a failure and restarts the service.</summary>
    [Fact]
    public async Task A_host_that_is_stopped_while_it_starts_ends_with_exit_code_0()
    {
        using var folder = new Folder();
        await using var server = ProgramRun.Start(
            folder.Path,
            "serve",
            ("ASPNETCORE_URLS", $"http://127.0.0.1:{ProgramRun.FreePort()}")
        );
        // The first output, that no public address is set, comes when the database is open and nothing is served yet.
        await server.UntilAsync(() => server.Output.Length > 0);

        server.Signal("TERM");

        Assert.Equal(0, await server.ExitAsync());
    }
}
