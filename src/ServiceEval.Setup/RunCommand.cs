using System.ComponentModel;
using System.Diagnostics;
using System.Security;
using System.Text.RegularExpressions;
using Microsoft.Win32;
using ServiceEval.Core;
using ServiceEval.Core.Files;

namespace ServiceEval.Setup;

/// <param name="Arguments">The program, followed by its arguments.</param>
internal sealed partial record RunCommand(params string[] Arguments) : Step
{
    /// <summary>A second exit code that means success.</summary>
    public int AlsoDone { get; init; }

    /// <summary>A hint that is added to the error if the command fails.</summary>
    public string? Advice { get; init; }

    public override async Task CarryOutAsync(CancellationToken ct)
    {
        var (code, said) = await RunAsync(Arguments, ct);
        if (code != 0 && code != AlsoDone)
            throw new OperatorException(
                $"“{this}”没有成功（退出码 {code}）：{said.ReplaceLineEndings(" ").Trim().TrimEnd('.', '。')}。{Advice}"
            );
    }

    /// <exception cref="OperatorException">The program does not exist.</exception>
    public static async Task<(int Code, string Said)> RunAsync(string[] arguments, CancellationToken ct)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(arguments[0], arguments[1..])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            var errors = process.StandardError.ReadToEndAsync(ct);
            var output = await process.StandardOutput.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return (process.ExitCode, output + await errors);
        }
        catch (Win32Exception e)
        {
            throw new OperatorException($"没有找到安装服务所需的程序 {arguments[0]}，请先安装它，再试一次。", e);
        }
    }

    public override string ToString() => string.Join(' ', Arguments.Select(Quoted));

    private static string Quoted(string argument) =>
        Plain().IsMatch(argument) ? argument
        : OperatingSystem.IsWindows() ? $"\"{argument.Replace("\"", "\\\"", StringComparison.Ordinal)}\""
        : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^[\w@%+=:,./\\-]+$")]
    private static partial Regex Plain();
}
