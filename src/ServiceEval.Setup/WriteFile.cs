using System.ComponentModel;
using System.Diagnostics;
using System.Security;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Win32;
using ServiceEval.Core;
using ServiceEval.Core.Files;

namespace ServiceEval.Setup;

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
