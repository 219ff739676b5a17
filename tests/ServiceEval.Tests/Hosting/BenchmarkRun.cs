using System.Text.Json;

namespace ServiceEval.Tests.Hosting;

/// <summary>A short run of a benchmark. The long runs are made by hand.</summary>
internal static class BenchmarkRun
{
    private static readonly string Program = Path.Combine(
        AppContext.BaseDirectory.Replace("ServiceEval.Tests", "ServiceEval.Benchmarks", StringComparison.Ordinal),
        "ServiceEval.Benchmarks.dll"
    );

    /// <summary>Fails the test with what the benchmark printed as errors, if the benchmark fails.</summary>
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
