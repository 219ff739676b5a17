using System.Globalization;
using System.Text;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Simulation;

public sealed class HistoryFileTests(SampleCounty county) : IClassFixture<SampleCounty>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_history_file_has_the_import_format_in_the_order_of_time()
    {
        var bytes = await File.ReadAllBytesAsync(await county.FileAsync("--seed", "7"), Ct);

        var text = Encoding.UTF8.GetString(bytes);
        Assert.StartsWith(
            "externalId,windowCode,itemCode,channel,grade,submittedAt,comment\nsim-7-000000001,",
            text,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain('\r', text);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var lines = text.Split('\n')[1..^1];
        Assert.Equal(
            Enumerable.Range(1, lines.Length).Select(n => $"sim-7-{n:000000000}"),
            lines.Select(l => l.Split(',')[0])
        );
        var times = lines.Select(l => l.Split(',')[5]).ToList();
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
        Assert.StartsWith("2025-06-02 ", times[0], StringComparison.Ordinal);
        // A comment with a comma is quoted as in RFC 4180.
        Assert.Contains(",\"态度好,手续少,", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        string[] options = ["--bad-week", "2025-W24", "--stuffing", "3", "--outage", "2025-06-20"];
        var first = await File.ReadAllBytesAsync(await county.FileAsync(options), Ct);

        Assert.Equal(first, await File.ReadAllBytesAsync(await county.FileAsync(options), Ct));
        Assert.NotEqual(
            WithoutIds(first),
            WithoutIds(await File.ReadAllBytesAsync(await county.FileAsync([.. options, "--seed", "2"]), Ct))
        );

        static string WithoutIds(byte[] file) =>
            string.Join(
                '\n',
                Encoding
                    .UTF8.GetString(file)
                    .Split('\n')
                    .Select(l => l[(l.IndexOf(',', StringComparison.Ordinal) + 1)..])
            );
    }

    [Fact]
    public async Task A_file_that_is_there_is_not_overwritten()
    {
        await using var host = await TestHost.StartAsync();
        var path = Path.Combine(host.DataDirectory, "history.csv");
        await File.WriteAllTextAsync(path, "mine", Ct);

        await RefusedAsync(host, "已经存在，不会覆盖", "--history", "1w", "--out", path);

        Assert.Equal("mine", await File.ReadAllTextAsync(path, Ct));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_said_in_one_sentence()
    {
        await using var host = await TestHost.StartAsync();

        await RefusedAsync(
            host,
            "写不进",
            "--history",
            "1w",
            "--out",
            Path.Combine(host.DataDirectory, "nowhere", "history.csv")
        );
    }

    [Fact]
    public async Task A_run_that_is_stopped_leaves_no_half_file()
    {
        await using var host = await TestHost.StartAsync();
        using var folder = new Folder();
        await using var simulate = ProgramRun.Start(
            folder.Path,
            "simulate --history 520w --per-week 1000000 --out history.csv",
            ("ServiceEval__DataDirectory", host.DataDirectory)
        );

        await simulate.UntilAsync(() =>
            Directory.GetFiles(folder.Path).Any(f => new FileInfo(f).Length > 0) || simulate.HasExited
        );
        Assert.False(File.Exists(Path.Combine(folder.Path, "history.csv")), simulate.Errors);
        simulate.Signal("INT");

        Assert.Equal(1, await simulate.ExitAsync());
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task No_history_is_made_up_for_a_real_database()
    {
        await using var host = await TestHost.StartAsync();
        await host.QueryAsync("UPDATE Installation SET Demo = 0, DirectoryVersion = DirectoryVersion + 1");
        var path = Path.Combine(host.DataDirectory, "history.csv");

        await RefusedAsync(host, "这不是演示数据库", "--history", "1w", "--out", path);

        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Times_are_those_of_the_halls_own_zone_and_follow_its_hours()
    {
        await using var host = await TestHost.StartAsync();
        await host.QueryAsync("UPDATE Halls SET TimeZone = 'America/New_York'");

        var times = await TimesAsync(host, "2025-06-29");

        Assert.All(
            times,
            t => Assert.True(t.TimeOfDay >= new TimeSpan(9, 0, 0) && t.TimeOfDay < new TimeSpan(17, 0, 0), $"{t}")
        );
        Assert.Equal(new DateTime(2025, 6, 23), times.Min().Date);
        Assert.Equal(new DateTime(2025, 6, 27), times.Max().Date);
    }

    [Fact]
    public async Task A_time_that_the_halls_clock_skips_does_not_occur()
    {
        await using var host = await TestHost.StartAsync();
        await host.QueryAsync("UPDATE Halls SET TimeZone = 'America/New_York', OpeningHours = '24/7'");

        var times = await TimesAsync(host, "2025-03-09", "--per-week", "100000");

        var night = times
            .Where(t => t.Date == new DateTime(2025, 3, 9) && t.Hour is >= 1 and < 4)
            .ToLookup(t => t.Hour);
        Assert.NotEmpty(night[1]);
        Assert.Empty(night[2]);
        Assert.NotEmpty(night[3]);
    }

    [Fact]
    public async Task Fewer_come_at_lunch_where_a_hall_stays_open()
    {
        await using var host = await TestHost.StartAsync();
        await host.QueryAsync("UPDATE Halls SET OpeningHours = 'Mo-Su 08:00-18:00'");

        var hours = (await TimesAsync(host, "2025-06-29")).CountBy(t => t.Hour).ToDictionary();

        Assert.True(
            hours[12] * 6 < hours[10] && hours[12] * 5 < hours[15],
            string.Join(' ', hours.OrderBy(h => h.Key))
        );
        Assert.True(hours[10] > hours[15]);
    }

    [Fact]
    public async Task Unreadable_opening_hours_are_replaced_with_a_message()
    {
        await using var host = await TestHost.StartAsync();
        await host.QueryAsync("UPDATE Halls SET OpeningHours = 'PH off'");
        var path = Path.Combine(host.DataDirectory, "history.csv");

        var (exitCode, output, errors) = await host.CommandAsync("simulate", "--history", "1w", "--out", path);

        Assert.Equal(0, exitCode);
        Assert.Equal(path, output.Trim());
        Assert.StartsWith(
            "示例县政务服务中心的开放时间“PH off”无法识别，按周一至周五 9:00 至 17:00 生成。\n已生成 ",
            errors,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("缺少选项 --out", "--history", "8w")]
    [InlineData("--out 只能与 --history 同用", "--out", "history.csv")]
    [InlineData("--bad-week 只能与 --history 同用", "--bad-week", "2025-W24")]
    [InlineData("--outage 只能与 --history 同用", "--outage", "2025-06-20")]
    [InlineData("--until 只能与 --history 同用", "--until", "2025-06-20")]
    [InlineData("--per-week 只能与 --history 同用", "--per-week", "10")]
    [InlineData("--rate 不能与 --history 同用", "--history", "8w", "--out", "history.csv", "--rate", "3")]
    [InlineData("“8”应如 10d（天）、8w（周）", "--history", "8", "--out", "history.csv")]
    [InlineData("“0d”应如", "--history", "0d", "--out", "history.csv")]
    [InlineData("“521w”应如", "--history", "521w", "--out", "history.csv")]
    [InlineData("“3641d”应如", "--history", "3641d", "--out", "history.csv")]
    [InlineData("只有第1周到第52周", "--history", "8w", "--out", "history.csv", "--bad-week", "2025-W53")]
    [InlineData("“2025-6-1”不是日期", "--history", "8w", "--out", "history.csv", "--outage", "2025-6-1")]
    [InlineData("--per-week 应为", "--history", "8w", "--out", "history.csv", "--per-week", "0")]
    [InlineData("--stuffing “3@”应为窗口号", "--stuffing", "3@")]
    public async Task Meaningless_or_incompatible_options_are_usage_errors(string sentence, params string[] options)
    {
        using var folder = new Folder();

        var (exitCode, _, errors) = await TestHost.CommandInAsync(folder.Path, ["simulate", .. options]);

        Assert.Equal(2, exitCode);
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("--until 2999-01-01 还没有过完", "--until", "2999-01-01")]
    [InlineData(
        "--outage 2025-05-31 不在这段历史之内（2025-06-02 至 2025-06-08）",
        "--until",
        "2025-06-08",
        "--outage",
        "2025-05-31"
    )]
    [InlineData("--bad-week 2025-W24 不在这段历史之内", "--until", "2025-06-08", "--bad-week", "2025-W24")]
    [InlineData("示例县政务服务中心没有启用的“3”号窗口", "--stuffing", "3")]
    [InlineData("大厅“other”不在模拟的大厅之中", "--stuffing", "1@other")]
    [InlineData("没有编码为“other”的大厅", "--hall", "other")]
    public async Task What_the_directory_or_the_dates_do_not_have_is_said_in_one_sentence(
        string sentence,
        params string[] options
    )
    {
        await using var host = await TestHost.StartAsync();
        var path = Path.Combine(host.DataDirectory, "history.csv");

        await RefusedAsync(host, sentence, ["--history", "1w", "--out", path, .. options]);

        Assert.False(File.Exists(path));
    }

    private static async Task RefusedAsync(TestHost host, string sentence, params string[] options)
    {
        var files = Directory.GetFiles(host.DataDirectory).Length;
        var (exitCode, output, errors) = await host.CommandAsync(["simulate", .. options]);

        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
        Assert.Single(errors.Trim().Split('\n'));
        Assert.Equal(files, Directory.GetFiles(host.DataDirectory).Length);
    }

    private static async Task<IReadOnlyList<DateTime>> TimesAsync(TestHost host, string until, params string[] options)
    {
        var path = Path.Combine(host.DataDirectory, "history.csv");
        var (exitCode, _, errors) = await host.CommandAsync([
            "simulate",
            "--history",
            "7d",
            "--until",
            until,
            "--out",
            path,
            .. options,
        ]);
        Assert.True(exitCode == 0, errors);
        return
        [
            .. (await File.ReadAllLinesAsync(path, Ct))
                .Skip(1)
                .Select(l => DateTime.ParseExact(l.Split(',')[5], "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)),
        ];
    }
}
