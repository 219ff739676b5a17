using System.Diagnostics;

namespace ServiceEval.Tests.Hosting;

/// <summary>
/// Folders in the system's temporary folder: one is two hours old, one is half an hour old. If the test may create it,
/// a third one belongs to another account.
/// </summary>
internal sealed class LeftBehind : IDisposable
{
    private readonly string _old;
    private readonly string _young;
    private readonly string? _others;

    public LeftBehind(string prefix)
    {
        (_old, _young) = (Make(prefix, 120), Make(prefix, 30));
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return;
        _others = Make(prefix, 120);
        using var chown = Process.Start("chown", ["65534", _others]);
        chown.WaitForExit();
    }

    public void AssertOnlyOldIsGone()
    {
        Assert.False(Directory.Exists(_old));
        Assert.True(Directory.Exists(_young));
        if (_others is not null)
            Assert.True(Directory.Exists(_others));
    }

    public void Dispose()
    {
        foreach (var folder in (string?[])[_old, _young, _others])
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
    }

    private static string Make(string prefix, int minutesAgo)
    {
        var folder = Directory.CreateTempSubdirectory(prefix).FullName;
        File.WriteAllText(Path.Combine(folder, "report.html"), "很差");
        Directory.CreateDirectory(Path.Combine(folder, "profile"));
        Directory.SetLastWriteTimeUtc(folder, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-minutesAgo));
        return folder;
    }
}
