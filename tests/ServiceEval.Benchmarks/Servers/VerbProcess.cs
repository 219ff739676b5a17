using System.Diagnostics;
using System.Globalization;

namespace ServiceEval.Benchmarks.Servers;

/// <param name="PeakMegabytes">The peak of memory in use as the kernel recorded it (VmHWM); 0 if the kernel does not
/// record it.</param>
internal sealed record VerbRun(double Seconds, double PeakMegabytes);

/// <summary>
/// Runs a command of the real program and watches its memory. The output of the command goes to standard error.
/// </summary>
internal static class VerbProcess
{
    /// <exception cref="InvalidOperationException">The command failed.</exception>
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
