using System.Globalization;
using System.Text.Json;

namespace ServiceEval.Tests.Hosting;

public sealed class LogFilesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Files_of_the_last_six_months_are_kept_older_ones_go_and_nobody_elses()
    {
        using var folder = new Folder();
        var logs = Directory.CreateDirectory(Path.Combine(folder.Path, "logs")).FullName;
        string[] kept = [Of(1), Of(30), Of(180), Of(183), "notes.txt", "other-20200101.log"];
        string[] gone = [Of(186), Of(200), Of(2000)];
        foreach (var name in kept.Concat(gone))
            await File.WriteAllTextAsync(Path.Combine(logs, name), "{}", Ct);

        await ProgramRun.ServeOnceAsync(folder.Path, ("ServiceEval__LogDirectory", "logs"));

        var left = Directory.EnumerateFiles(logs).Select(path => Path.GetFileName(path)).ToHashSet();
        Assert.Empty(kept.Except(left));
        Assert.Empty(gone.Intersect(left));
        // The file of the day is there too and contains whole lines.
        var lines = await File.ReadAllLinesAsync(Path.Combine(logs, Assert.Single(left.Except(kept))), Ct);
        Assert.Contains(
            lines,
            line =>
                JsonDocument
                    .Parse(line)
                    .RootElement.GetProperty("@mt")
                    .GetString()!
                    .StartsWith("Now listening on", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_clock_that_is_years_ahead_removes_none()
    {
        if (await OutsideTool.TryAsync("faketime", "-f", "+1d", "true") is { } why)
            Assert.Skip($"The machine's clock can't be faked here: {why}");
        using var folder = new Folder();
        var logs = Directory.CreateDirectory(Path.Combine(folder.Path, "logs")).FullName;
        string[] kept = [Of(1), Of(30), Of(183)];
        foreach (var name in kept)
            await File.WriteAllTextAsync(Path.Combine(logs, name), "{}", Ct);

        // Old files are removed before the host serves. The host is killed afterwards, because the library that fakes
        // the time disturbs an orderly stop.
        var address = $"http://127.0.0.1:{ProgramRun.FreePort()}";
        await using var server = ProgramRun.Start(
            folder.Path,
            "serve",
            ("ASPNETCORE_URLS", address),
            ("ServiceEval__LogDirectory", "logs"),
            ("LD_PRELOAD", "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"),
            ("FAKETIME", "+4y")
        );
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        await server.ServingAsync(client);

        Assert.Empty(kept.Except(Directory.EnumerateFiles(logs).Select(path => Path.GetFileName(path))));
    }

    [Fact]
    public async Task Without_the_setting_there_are_no_files_and_a_verb_never_writes_any()
    {
        using var folder = new Folder();
        await ProgramRun.ServeOnceAsync(folder.Path);
        await using var verb = ProgramRun.Start(folder.Path, "windows", ("ServiceEval__LogDirectory", "logs"));
        Assert.Equal(0, await verb.ExitAsync());

        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*.log", SearchOption.AllDirectories));
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "logs")));
    }

    [Fact]
    public async Task A_directory_that_can_not_be_written_ends_the_start_in_one_sentence()
    {
        using var folder = new Folder();
        await using var server = ProgramRun.Start(folder.Path, "serve", ("ServiceEval__LogDirectory", "/proc/logs"));

        Assert.Equal(1, await server.ExitAsync());
        Assert.Contains(
            "日志目录 /proc/logs 建不了",
            Assert.Single(server.Errors.Split('\n')),
            StringComparison.Ordinal
        );
    }

    private static string Of(int daysAgo) =>
        $"serviceeval-{TimeProvider.System.GetLocalNow().AddDays(-daysAgo).ToString("yyyyMMdd", CultureInfo.InvariantCulture)}.log";
}
