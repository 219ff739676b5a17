using System.ComponentModel;
using System.Diagnostics;
using System.Security;
using System.Text.RegularExpressions;
using Microsoft.Win32;
using ServiceEval.Core;
using ServiceEval.Core.Files;

namespace ServiceEval.Setup;

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
