using System.Diagnostics;
using System.Runtime.InteropServices;
using ServiceEval.Benchmarks.Figures;

namespace ServiceEval.Benchmarks.Servers;

/// <summary>
/// The program as an archive contains it, compiled ahead for this machine. Its folder is deleted at the end.
/// </summary>
internal sealed class PublishedProgram : IDisposable
{
    private PublishedProgram() { }

    public string Folder { get; } = Directory.CreateTempSubdirectory("serviceeval-published-").FullName;

    /// <exception cref="InvalidOperationException">The program could not be published.</exception>
    public static async Task<PublishedProgram> PublishAsync()
    {
        Figure.Say("publishing");
        var program = new PublishedProgram();
        string[] command =
        [
            "publish",
            Path.Combine(SourceFolder(), "src", "ServiceEval.Web"),
            "-c",
            "Release",
            "-r",
            RuntimeInformation.RuntimeIdentifier,
            "--self-contained",
            "false",
            // Publishing for one runtime changes the lock files. The checkout must not change, so the lock file is
            // elsewhere.
            "-p:NuGetLockFilePath=obj/published.lock.json",
            "-o",
            program.Folder,
            "-v",
            "quiet",
            "--nologo",
        ];
        using var publish = Process.Start(new ProcessStartInfo("dotnet", command) { RedirectStandardOutput = true })!;
        var output = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        if (publish.ExitCode == 0)
            return program;
        program.Dispose();
        throw new InvalidOperationException(output);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string SourceFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ServiceEval.sln")))
            folder = folder.Parent;
        return folder?.FullName
            ?? throw new InvalidOperationException(
                "ServiceEval.sln is not above this program: what is published is measured from a checkout."
            );
    }
}
