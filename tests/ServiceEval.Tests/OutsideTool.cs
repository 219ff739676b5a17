using System.ComponentModel;
using System.Diagnostics;

namespace ServiceEval.Tests;

/// <summary>A tool of the system that a test needs. Some machines do not have it or do not permit it.</summary>
internal static class OutsideTool
{
    /// <summary>Returns null if the command succeeds, otherwise the reason why it does not.</summary>
    public static async Task<string?> TryAsync(params string[] command)
    {
        try
        {
            var start = new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode == 0 ? null
                : (await errors).Trim() is { Length: > 0 } said ? said
                : $"exit code {process.ExitCode}";
        }
        catch (Win32Exception e)
        {
            return e.Message;
        }
    }
}
