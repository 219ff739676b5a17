using System.ComponentModel;
using System.Diagnostics;
using System.Security;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Win32;
using ServiceEval.Core;
using ServiceEval.Core.Files;

namespace ServiceEval.Setup;

/// <summary>One change to the machine. As text, it is the command that an operator could run by hand instead.</summary>
internal abstract record Step
{
    /// <exception cref="OperatorException">The step failed.</exception>
    public abstract Task CarryOutAsync(CancellationToken ct);
}

/// <summary>Writes a whole file.</summary>
internal sealed record WriteFile(string Path, string Content, UnixFileMode Mode) : Step
{
    /// <summary>The text that is printed instead if the content has passwords in it.</summary>
    public string? Shown { get; init; }

    public override Task CarryOutAsync(CancellationToken ct)
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            AtomicFile.Write(Path, Encoding.UTF8.GetBytes(Content), Mode, overwrite: true);
            return Task.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"文件 {Path} 写不了：{FileFaults.Reason(e)}。", e);
        }
    }

    public override string ToString() =>
        $"# 写入 {Path}，权限 {Convert.ToString((int)Mode, 8).PadLeft(4, '0')}：\n{string.Concat((Shown ?? Content).TrimEnd('\n').Split('\n').Select(line => $"    {line}\n"))}".TrimEnd(
            '\n'
        );
}

internal sealed record MakeDirectory(string Path) : Step
{
    public override Task CarryOutAsync(CancellationToken ct)
    {
        try
        {
            Directory.CreateDirectory(Path);
            return Task.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"目录 {Path} 建不了：{FileFaults.Reason(e)}。", e);
        }
    }

    public override string ToString() => $"# 建立目录 {Path}";
}

/// <summary>
/// Sets the environment of a Windows service. It does not use reg.exe, because every process can read the values on a
/// command line.
/// </summary>
/// <param name="Key">The registry key below HKEY_LOCAL_MACHINE.</param>
internal sealed record SetEnvironment(string Key, IReadOnlyDictionary<string, string> Settings) : Step
{
    public override Task CarryOutAsync(CancellationToken ct)
    {
        if (!OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException();
        try
        {
            using var key =
                Registry.LocalMachine.OpenSubKey(Key, writable: true)
                ?? throw new OperatorException($"注册表中没有 HKLM\\{Key}，请先运行 service uninstall，再安装一次。");
            key.SetValue(
                "Environment",
                Settings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={s.Value}").ToArray(),
                RegistryValueKind.MultiString
            );
            return Task.CompletedTask;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException)
        {
            throw new OperatorException(
                $"注册表 HKLM\\{Key} 写不了：{(e is SecurityException ? "没有权限" : FileFaults.Reason(e))}。",
                e
            );
        }
    }

    public override string ToString() =>
        $"# 写入注册表 HKLM\\{Key} 的 Environment：{string.Join('、', Settings.Keys.Order(StringComparer.Ordinal))}";
}

internal sealed record DeleteFile(string Path) : Step
{
    public override Task CarryOutAsync(CancellationToken ct)
    {
        File.Delete(Path);
        return Task.CompletedTask;
    }

    public override string ToString() => $"# 删除 {Path}";
}

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
