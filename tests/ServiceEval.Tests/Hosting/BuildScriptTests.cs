namespace ServiceEval.Tests.Hosting;

/// <summary>Runs src/build.sh --if-needed on a checkout of a few files. Its tools only note that they were called.</summary>
public sealed class BuildScriptTests
{
    private static readonly string[] Sources =
    [
        "kiosk/package.json",
        "kiosk/package-lock.json",
        "kiosk/src/display.ts",
        "src/ServiceEval.Web/Program.cs",
        "src/ServiceEval.Web/Components/page.js",
        "seeds/own/set.json",
        "seeds/own/items.xlsx",
        "deploy/serviceeval.service",
        "Directory.Build.props",
        "Directory.Packages.props",
        "BannedSymbols.txt",
        "global.json",
    ];

    private static readonly string[] Built =
    [
        "kiosk/node_modules/.package-lock.json",
        "src/ServiceEval.Web/wwwroot/kiosk/display.html",
        "src/ServiceEval.Web/bin/Release/net10.0/ServiceEval.Web.dll",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_built_is_not_built_again() => Assert.Empty(await BuildAsync(changed: null));

    [Theory]
    [InlineData("kiosk/package-lock.json", "npm ci, npm run, dotnet build")]
    [InlineData("kiosk/src/display.ts", "npm run, dotnet build")]
    [InlineData("src/ServiceEval.Web/Components/page.js", "dotnet build")]
    [InlineData("seeds/own/set.json", "dotnet build")]
    [InlineData("seeds/own/items.xlsx", "dotnet build")]
    [InlineData("deploy/serviceeval.service", "dotnet build")]
    public async Task Each_kind_of_source_is_noticed_also_if_it_is_a_copy_of_an_old_file(
        string changed,
        string steps
    ) => Assert.Equal(steps.Split(", "), await BuildAsync(changed));

    /// <returns>The steps that the script took.</returns>
    private static async Task<string[]> BuildAsync(string? changed)
    {
        using var folder = new Folder();
        var script = Path.Combine(folder.Path, "src", "build.sh");
        foreach (var file in (string[])[.. Sources, .. Built])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder.Path, file))!);
            await File.WriteAllTextAsync(Path.Combine(folder.Path, file), "", Ct);
        }
        var source = Path.Combine(ProgramRun.Checkout, "src", "build.sh");
        await File.WriteAllTextAsync(script, await File.ReadAllTextAsync(source, Ct), Ct);
        var builtAt = File.GetLastWriteTimeUtc(script).AddTicks(1);
        foreach (var file in Built)
            File.SetLastWriteTimeUtc(Path.Combine(folder.Path, file), builtAt);
        if (changed is not null)
        {
            // The clock of the file system has ticks of some milliseconds.
            var path = Path.Combine(folder.Path, changed);
            do await File.WriteAllTextAsync(path, "changed", Ct);
            while (File.GetLastWriteTimeUtc(path) <= builtAt);
            File.SetLastWriteTimeUtc(path, builtAt.AddYears(-1));
        }

        var steps = Path.Combine(folder.Path, "steps");
        var tools = Directory.CreateDirectory(Path.Combine(folder.Path, "tools")).FullName;
        foreach (var (tool, does) in new[] { ("npm", ""), ("dotnet", "echo 10.0.100"), ("node", "echo v22.12.0") })
        {
            var path = Path.Combine(tools, tool);
            await File.WriteAllTextAsync(
                path,
                $"#!/bin/sh\ncase $1 in ci | run | build) echo {tool} $1 >> {steps} ;; *) {does} ;; esac\n",
                Ct
            );
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        }
        await using var build = ProgramRun.StartFile(
            folder.Path,
            "bash",
            [script, "--if-needed"],
            ("PATH", $"{tools}:{Environment.GetEnvironmentVariable("PATH")}")
        );
        Assert.True(await build.ExitAsync() == 0, build.Errors);
        return File.Exists(steps) ? await File.ReadAllLinesAsync(steps, Ct) : [];
    }
}
