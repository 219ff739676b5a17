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

internal sealed record DeleteFile(string Path) : Step
{
    public override Task CarryOutAsync(CancellationToken ct)
    {
        File.Delete(Path);
        return Task.CompletedTask;
    }

    public override string ToString() => $"# 删除 {Path}";
}
