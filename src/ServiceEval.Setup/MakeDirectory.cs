using System.ComponentModel;
using System.Diagnostics;
using System.Security;
using System.Text.RegularExpressions;
using Microsoft.Win32;
using ServiceEval.Core;
using ServiceEval.Core.Files;

namespace ServiceEval.Setup;

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
