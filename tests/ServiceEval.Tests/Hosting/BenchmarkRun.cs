using System.Text.Json;

namespace ServiceEval.Tests.Hosting;

/// <summary>A short run of a benchmark. A person starts the long runs.</summary>
internal static class BenchmarkRun
{
    private static readonly string Program = Path.Combine(
        AppContext.BaseDirectory.Replace("ServiceEval.Tests", "ServiceEval.Benchmarks", StringComparison.Ordinal),
        "ServiceEval.Benchmarks.dll"
    );

    /// <summary>Runs the benchmark. If the benchmark fails, the test fails with its error output.</summary>
    public static async Task<JsonElement> OfAsync(params string[] arguments)
    {
        await using var run = ProgramRun.StartFile(
            AppContext.BaseDirectory,
            "dotnet",
            [Program, .. arguments, "--json"]
        );
        Assert.True(await run.ExitAsync(TimeSpan.FromMinutes(4)) == 0, run.Errors);
        return JsonDocument.Parse(run.Output).RootElement;
    }
}
