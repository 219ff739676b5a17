namespace ServiceEval.Tests.Hosting;

public sealed class StoppingTests
{
    /// <summary>systemd would call anything but 0 a failure, and start it again.</summary>
    [Fact]
    public async Task Who_is_asked_to_stop_while_it_starts_ends_as_it_should()
    {
        using var folder = new Folder();
        await using var server = ProgramRun.Start(
            folder.Path,
            "serve",
            ("ASPNETCORE_URLS", $"http://127.0.0.1:{ProgramRun.FreePort()}")
        );
        // Its first word, that no public address is set, comes when the database is open and nothing is served yet.
        await server.UntilAsync(() => server.Output.Length > 0);

        server.Signal("TERM");

        Assert.Equal(0, await server.ExitAsync());
    }
}
