using System.Net;
using Microsoft.Data.Sqlite;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Exchange;

public sealed class InterruptedImportsTests
{
    private const int Rows = 60_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("INT")]
    [InlineData("KILL")]
    public async Task What_was_stopped_half_way_goes_on_when_it_is_repeated_and_nothing_counts_twice(string signal)
    {
        await using var host = await TestHost.StartAsync();
        var path = await host.WriteAsync(Importing.Csv(Rows, i => new OldRow(Comment: i % 5 == 0 ? "快" : "")));
        await using (var import = Start(host, path))
        {
            await import.UntilAsync(async () => import.HasExited || await host.CountAsync("Ratings") > 0);
            import.Signal(signal);
            Assert.NotEqual(0, await import.ExitAsync());
            if (signal == "INT")
                Assert.Contains("再运行一次即可接着导入，不会重复。", import.Errors, StringComparison.Ordinal);
        }
        var before = await host.CountAsync("Ratings");
        Assert.InRange(before, 1, Rows - 1);
        await host.AssertNothingWrongAsync();

        var (exitCode, output, _) = await host.ImportFileAsync(path);

        Assert.Equal((0, $"新导入 {Rows - before} 条，此前已导入 {before} 条，未导入 0 行。\n"), (exitCode, output));
        Assert.Equal(signal == "KILL" ? 1 : 0, await host.CountAsync("RunningImports"));
        Assert.Equal((Rows, Rows / 5), (await host.CountAsync("Ratings"), await host.CountAsync("RatingDetails")));
        await host.AssertNothingWrongAsync();
    }

    [Fact]
    public async Task Citizens_rate_on_while_a_file_is_imported()
    {
        await using var host = await TestHost.StartAsync();
        var path = await host.WriteAsync(Importing.Csv(Rows));
        await using var import = Start(host, path);
        var rated = 0;
        for (; !import.HasExited; rated++)
            await host.RateAsync();

        Assert.True(await import.ExitAsync() == 0, import.Errors);
        Assert.True(rated > 0);
        Assert.Equal(Rows + rated, await host.CountAsync("Ratings"));
        Assert.Contains("%：新导入 ", import.Errors, StringComparison.Ordinal);
        await host.AssertNothingWrongAsync();
    }

    [Fact]
    public async Task An_import_waits_for_other_writers()
    {
        await using var host = await TestHost.StartAsync();
        var path = await host.WriteAsync(Importing.Csv(Rows));
        await using var import = Start(host, path);
        await import.UntilAsync(async () => import.HasExited || await host.CountAsync("Ratings") > 0);
        await using (var other = new SqliteConnection($"Data Source={host.DatabasePath};Pooling=False"))
        {
            await other.OpenAsync(Ct);
            await using var transaction = await other.BeginTransactionAsync(Ct);
            // The lock lasts longer than one commit retries by itself.
            var reports = import.Errors.Split('\n').Length;
            await import.UntilAsync(() => import.HasExited || import.Errors.Split('\n').Length >= reports + 3);
            Assert.False(import.HasExited, import.Errors);
        }
        Assert.True(await import.ExitAsync() == 0, import.Errors);
        Assert.Equal(Rows, await host.CountAsync("Ratings"));
    }

    [Fact]
    public async Task A_full_disk_is_one_sentence_and_with_room_again_a_repeat_goes_on()
    {
        await using var disk = await SmallDisk.MountAsync();
        await using var host = await TestHost.StartInAsync(disk.Root, ownsDirectory: false);
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, Importing.FileName);
        File.Move(await host.WriteAsync(Importing.Csv(20_000)), path);

        var (exitCode, output, errors) = await host.ImportFileAsync(path);

        Assert.Equal((1, ""), (exitCode, output));
        var sentence = Importing.Sentence(errors);
        Assert.StartsWith("磁盘已满", sentence, StringComparison.Ordinal);
        Assert.EndsWith("再运行一次即可接着导入，不会重复。", sentence, StringComparison.Ordinal);
        var before = await host.CountAsync("Ratings");
        Assert.InRange(before, 0, 19_999);

        Assert.Null(await OutsideTool.TryAsync("mount", "-o", "remount,size=64m", disk.Root));
        var (repeated, counts, _) = await host.ImportFileAsync(path);
        Assert.Equal((0, $"新导入 {20_000 - before} 条，此前已导入 {before} 条，未导入 0 行。\n"), (repeated, counts));
        using var stored = await host.PostRatingAsync(
            new { ticket = (await host.TicketAsync()).Ticket, grade = "satisfied" }
        );
        Assert.Equal(HttpStatusCode.Created, stored.StatusCode);
        await host.AssertNothingWrongAsync();
    }

    private static ProgramRun Start(TestHost host, string path) =>
        ProgramRun.Start(
            host.DataDirectory,
            $"import ratings {path} --source old",
            ("ServiceEval__DataDirectory", host.DataDirectory)
        );
}
