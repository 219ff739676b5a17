using System.Diagnostics;
using System.Globalization;

namespace ServiceEval.Benchmarks.Servers;

/// <param name="PeakMegabytes">Of memory in use at once, as the kernel noted it (VmHWM); 0 where it notes none.</param>
internal sealed record VerbRun(double Seconds, double PeakMegabytes);

/// <summary>A verb of the real program, with its memory watched; what it says goes to standard error.</summary>
internal static class VerbProcess
{
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<VerbRun> RunAsync(Installation installation, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "ServiceEval.Web.dll"), .. arguments]
        )
        {
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in installation.Settings)
            start.Environment[name] = value;
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        var peak = 0.0;
        while (!process.HasExited)
        {
            peak = Math.Max(peak, Peak(process.Id));
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(10));
        }
        return process.ExitCode == 0
            ? new VerbRun(Stopwatch.GetElapsedTime(began).TotalSeconds, Math.Round(peak, 1))
            : throw new InvalidOperationException(
                $"{string.Join(' ', arguments)} ended with exit code {process.ExitCode}."
            );
    }

    private static double Peak(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null
                ? 0
                : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)
                    / 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
