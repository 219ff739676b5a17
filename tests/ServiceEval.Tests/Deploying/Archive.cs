using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Deploying;

/// <summary>
/// The archive for Linux as <c>deploy/archive.sh</c> builds it. It is built once for all tests that unpack it.
/// </summary>
public sealed class Archive : IAsyncLifetime
{
    private string _path = "";

    public async ValueTask InitializeAsync()
    {
        await using var build = ProgramRun.StartFile(
            ProgramRun.Checkout,
            Path.Combine(ProgramRun.Checkout, "deploy", "archive.sh"),
            ["linux-x64"]
        );
        await build.ExitAsync(TimeSpan.FromMinutes(10));
        Assert.True(
            build.Output.EndsWith("/artifacts/serviceeval-linux-x64.tar.gz", StringComparison.Ordinal),
            build.Errors
        );
        _path = build.Output;
    }

    /// <summary>Unpacks the archive to the folder <c>serviceeval</c> in this folder.</summary>
    internal async Task UnpackAsync(string folder)
    {
        await using var unpacked = ProgramRun.StartFile(folder, "tar", ["-xzf", _path]);
        Assert.Equal(0, await unpacked.ExitAsync());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
