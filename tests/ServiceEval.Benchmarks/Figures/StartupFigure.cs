using System.Diagnostics;
using ServiceEval.Benchmarks.Servers;

namespace ServiceEval.Benchmarks.Figures;

/// <summary>Seconds from the start of the published host to ready, on an existing database; beside a no-op host's.</summary>
internal static class StartupFigure
{
    private const int Rounds = 5;

    public static async Task RunAsync(bool json)
    {
        var published = Directory.CreateTempSubdirectory("serviceeval-published-").FullName;
        try
        {
            Figure.Say("startup: publishing");
            await PublishAsync(published);
            await using var installation = await Installation.CreateAsync();
            var rounds = new List<(double Host, double NoOp)>();
            for (var i = 0; i <= Rounds; i++)
            {
                var start = Stopwatch.GetTimestamp();
                await using (await ServerProcess.PublishedHostAsync(published, installation.DataDirectory)) { }
                var host = Stopwatch.GetElapsedTime(start).TotalSeconds;

                start = Stopwatch.GetTimestamp();
                await using (await ServerProcess.NoOpAsync()) { }
                var noOp = Stopwatch.GetElapsedTime(start).TotalSeconds;
                Figure.Say($"startup: {host:N2} s, a no-op host {noOp:N2} s{(i == 0 ? " (warm-up)" : "")}");
                if (i > 0) rounds.Add((host, noOp));
            }
            Figure.Print(new
            {
                name = "startup",
                ratio = Figure.Round(Figure.Median(rounds.Select(r => r.Host / r.NoOp))),
                seconds = Figure.Round(Figure.Median(rounds.Select(r => r.Host))),
                noOpSeconds = Figure.Round(Figure.Median(rounds.Select(r => r.NoOp))),
            }, json);
        }
        finally
        {
            Directory.Delete(published, recursive: true);
        }
    }

    private static async Task PublishAsync(string folder)
    {
        var project = Path.Combine(SourceFolder(), "src", "ServiceEval.Web");
        using var publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", project, "-c", "Release", "-o", folder, "-v", "quiet", "--nologo"]) { RedirectStandardOutput = true })!;
        var output = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        if (publish.ExitCode != 0) throw new InvalidOperationException(output);
    }

    private static string SourceFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ServiceEval.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("ServiceEval.sln is not above this program: startup is measured from a checkout.");
    }
}
