using System.Text;
using System.Text.Json;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Boards;

namespace ServiceEval.Tests.Exchange;

public sealed class ImportingRatingsTests
{
    private static readonly Encoding Gb18030 = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Imported_ratings_are_in_ledger_tallies_and_report_as_any_other_and_apart_by_tier()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:Boards:BatchSize", "1"));
        var rated = host.RateAsync(Grade.VeryDissatisfied);
        var (exitCode, output, errors) = await host.ImportAsync(
            Importing.Csv(
                new OldRow(
                    "A-1",
                    Grade: "verySatisfied",
                    Item: "SAMPLE0000000000014000120001000",
                    Comment: "\"很快，\n谢谢\""
                ),
                new OldRow("A-2", Grade: "不满意", Channel: "paper", At: "2025-03-04T18:00:00Z"),
                new OldRow("A-3", At: "2025-03-05 23:59:59")
            )
        );
        await rated;

        Assert.True(exitCode == 0, errors);
        Assert.Equal("新导入 3 条，此前已导入 0 条，未导入 0 行。\n", output);
        var ratings = await host.QueryAsync(
            """
            SELECT Grade, Channel, LocalDate, LocalHour, hex(ReceiptHash), Block FROM Ratings WHERE Tier = 6 ORDER BY GivenAt
            """
        );
        var block = ratings[0][5];
        Assert.Equal(
            [
                [1L, 3L, 20250303L, 10L, new string('0', 64), block],
                [4L, 8L, 20250305L, 2L, new string('0', 64), block],
                [2L, 3L, 20250305L, 23L, new string('0', 64), block],
            ],
            ratings
        );
        var detail = Assert.Single(
            await host.QueryAsync(
                "SELECT d.Comment, i.Code, d.GivenAt = r.GivenAt FROM RatingDetails d JOIN Ratings r ON r.Id = d.RatingId JOIN ServiceItems i ON i.Id = d.ItemId"
            )
        );
        Assert.Equal(["很快，\n谢谢", "SAMPLE0000000000014000120001000", 1L], detail);
        await host.AssertNothingWrongAsync();

        await host.CommandAsync("report", "weekly", "--week", "2025-W10", "--out", ".");
        var path = Assert.Single(Directory.GetFiles(host.DataDirectory, "county-2025-W10-*.json"));
        using var report = JsonDocument.Parse(await File.ReadAllBytesAsync(path, Ct));
        Assert.Equal(3, report.RootElement.GetProperty("n").GetInt32());
        var tier = Assert.Single(report.RootElement.GetProperty("tiers").EnumerateArray());
        Assert.Equal(("imported", 3), (tier.GetProperty("tier").GetString(), tier.GetProperty("n").GetInt32()));
    }

    [Fact]
    public async Task A_board_shows_nothing_of_an_import()
    {
        await using var host = await TestHost.StartAsync(("ServiceEval:Boards:BatchSize", "1"));
        Assert.Equal(0, (await host.ImportAsync(Importing.Csv(20))).ExitCode);
        await host.RateAsync(Grade.Satisfied);
        // The board may change only because of the citizen's rating. The release after it was decided when the import
        // was already in the database.
        Board board;
        do board = await TestHost.ReadAsync<Board>(
            await host.Client.GetAsync($"/api/v1/halls/{TestHost.Hall}/board", Ct)
        );
        while (board.N == 0);
        Assert.Equal((1, 1), (board.N, board.ReceivedToday));
    }

    [Fact]
    public async Task A_repeat_adds_nothing_and_a_changed_repeat_is_not_imported()
    {
        await using var host = await TestHost.StartAsync();
        await host.ImportAsync(Importing.Csv(new OldRow("A-1", Comment: "快"), new OldRow("A-2")));
        var head = (await host.QueryAsync("SELECT Sequence, Hash FROM LedgerHead"))[0];

        var (exitCode, output, _) = await host.ImportAsync(
            Importing.Csv(
                new OldRow("A-1", Comment: "快"),
                new OldRow("A-2", Grade: "不满意"),
                new OldRow("A-1"),
                new OldRow("A-2", At: "2025-03-03T02:00:00.000Z")
            )
        );

        Assert.Equal(1, exitCode);
        Assert.StartsWith("新导入 0 条，此前已导入 2 条，未导入 2 行；", output, StringComparison.Ordinal);
        var code = (await host.WindowCodesAsync())[0];
        Assert.Equal(
            [
                $"3,与先前导入的内容不同，已导入的评价不能更改,A-2,{code},,qr,不满意,2025-03-03 10:00:00,",
                $"4,与先前导入的内容不同，已导入的评价不能更改,A-1,{code},,qr,satisfied,2025-03-03 10:00:00,",
            ],
            await host.RejectsAsync()
        );
        Assert.Equal(head, (await host.QueryAsync("SELECT Sequence, Hash FROM LedgerHead"))[0]);
    }

    [Fact]
    public async Task The_same_external_id_of_another_source_is_another_rating()
    {
        await using var host = await TestHost.StartAsync();
        await host.ImportAsync(Importing.Csv(new OldRow()));
        await host.CommandAsync("import", "ratings", Importing.FileName, "--source", "other");
        await host.CommandAsync("import", "ratings", Importing.FileName, "--source", "OLD");
        Assert.Equal(2, await host.CountAsync("Ratings"));
    }

    [Fact]
    public async Task Utf_8_with_and_without_a_mark_and_gb18030_say_the_same()
    {
        await using var host = await TestHost.StartAsync();
        var content = Importing.Csv(
            new OldRow("A-1", Grade: "非常满意", Comment: "谢谢"),
            new OldRow("A-2", Comment: "谢谢"),
            new OldRow("A-3", Comment: "窗口𠮷先生")
        );
        foreach (
            var (encoding, stored) in new (Encoding, int)[]
            {
                (Gb18030, 3),
                (new UTF8Encoding(true), 0),
                (new UTF8Encoding(false), 0),
            }
        )
        {
            await host.WriteAsync(content, encoding);
            var (exitCode, output, errors) = await host.ImportFileAsync(Importing.FileName);
            Assert.True(exitCode == 0, $"{encoding.WebName}: {errors}");
            Assert.StartsWith($"新导入 {stored} 条，此前已导入 {3 - stored} 条", output, StringComparison.Ordinal);
        }
        Assert.Equal(
            ["窗口𠮷先生", "谢谢", "谢谢"],
            (await host.QueryAsync("SELECT Comment FROM RatingDetails"))
                .Select(r => (string)r[0]!)
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_file_of_Excel_says_its_separator_or_shows_it()
    {
        await using var host = await TestHost.StartAsync();
        var content = Importing.Csv(new OldRow("A-1", Comment: "很快"));
        await host.WriteAsync($"sep=;\r\n{content.Replace(',', ';')}", Gb18030);
        Assert.Equal(
            "新导入 1 条，此前已导入 0 条，未导入 0 行。\n",
            (await host.ImportFileAsync(Importing.FileName)).Output
        );
        await host.WriteAsync(content.Replace(',', '\t'));
        Assert.Equal(
            "新导入 0 条，此前已导入 1 条，未导入 0 行。\n",
            (await host.ImportFileAsync(Importing.FileName)).Output
        );
    }

    [Fact]
    public async Task Revoked_codes_and_retired_windows_take_history_and_the_order_of_columns_is_free()
    {
        await using var host = await TestHost.StartAsync();
        var codes = await host.WindowCodesAsync();
        await host.CommandAsync("windows", "revoke", codes[0]);
        await host.CommandAsync("windows", "retire", codes[1]);

        var (exitCode, _, errors) = await host.ImportAsync(
            $"comment,grade,submittedAt,channel,itemCode,windowCode,externalId\r\n,满意,2001-01-01 00:00:00,phone,,{codes[0]},1\r\n,满意,2001-01-01 00:00:00,sms,,{codes[1]},2\r\n"
        );

        Assert.True(exitCode == 0, errors);
        Assert.Equal(2, await host.CountAsync("Ratings"));
    }

    [Theory]
    [InlineData("national", "5", "1", "verySatisfied")]
    [InlineData("national", "1", "7", "veryDissatisfied")]
    [InlineData("gb39046", "1", "qr", "verySatisfied")]
    [InlineData("gb39046", "4", "qr", "dissatisfied")]
    [InlineData("gb39046", "verySatisfied", "paper", "verySatisfied")]
    public async Task A_profile_says_what_a_number_means(string profile, string grade, string channel, string means)
    {
        await using var host = await TestHost.StartAsync();
        await host.ImportAsync(
            Importing.Csv(
                new OldRow(
                    Grade: means,
                    Channel: channel is "1" ? "pc"
                        : channel is "7" ? "sms"
                        : channel
                )
            )
        );
        var (exitCode, output, _) = await host.ImportAsync(
            Importing.Csv(new OldRow(Grade: grade, Channel: channel)),
            "--profile",
            profile
        );
        Assert.Equal((0, "新导入 0 条，此前已导入 1 条，未导入 0 行。\n"), (exitCode, output));
    }

    [Fact]
    public async Task A_time_without_an_offset_is_the_halls_and_one_that_came_twice_the_earlier()
    {
        await using var host = await TestHost.StartAsync();
        await host.QueryAsync("UPDATE Halls SET TimeZone = 'Europe/Berlin'");
        var (exitCode, _, _) = await host.ImportAsync(
            Importing.Csv(
                new OldRow("A-1", At: "2025-01-15 12:00:00"),
                new OldRow("A-2", At: "2025-10-26 02:30:00"),
                new OldRow("A-3", At: "2025-03-30 02:30:00"),
                new OldRow("A-4", At: "2025-07-01T12:00+08:00")
            )
        );
        Assert.Equal(1, exitCode);
        Assert.StartsWith(
            "4,submittedAt 的“2025-03-30 02:30:00”在当地不存在",
            Assert.Single(await host.RejectsAsync()),
            StringComparison.Ordinal
        );
        Assert.Equal(
            ["2025-01-15T11:00:00Z", "2025-07-01T04:00:00Z", "2025-10-26T00:30:00Z"],
            (await host.QueryAsync("SELECT GivenAt FROM Ratings ORDER BY GivenAt")).Select(r =>
                $"{DateTimeOffset.FromUnixTimeMilliseconds((long)r[0]!):yyyy-MM-dd'T'HH:mm:ss'Z'}"
            )
        );
    }
}
