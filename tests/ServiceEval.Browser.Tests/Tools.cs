using System.Diagnostics;

namespace ServiceEval.Browser.Tests;

/// <summary>Programs of the system that the tests need.</summary>
public static class Tools
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Returns the path of the program, for tests that start it themselves.</summary>
    public static string Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException($"{program} is needed and not installed; test.sh installs it.");

    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string? input = null,
        string? folder = null
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Ct);
        var errors = process.StandardError.ReadToEndAsync(Ct);
        await process.StandardInput.WriteAsync(input.AsMemory(), Ct);
        process.StandardInput.Close();
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, await output, await errors);
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ServiceEval.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Not in the source tree.");
        return folder;
    }
}
