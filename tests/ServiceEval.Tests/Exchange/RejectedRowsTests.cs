using System.Text;

namespace ServiceEval.Tests.Exchange;

public sealed class RejectedRowsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_bad_row_is_named_with_its_line_and_reason_and_the_others_are_imported()
    {
        await using var host = await TestHost.StartAsync();
        var tomorrow = TimeProvider.System.GetUtcNow().AddDays(1);
        (string Row, string Reason)[] bad =
        [
            ($"{new OldRow("")}", "externalId 是空的"),
            ($"{new OldRow(new string('x', 201))}", "externalId 超过 200 个字符"),
            ($"{new OldRow("A\u0007")}", "externalId 中有控制字符"),
            ($"{new OldRow(Window: "")}", "windowCode 是空的"),
            ($"{new OldRow(Window: "nowhere")}", "没有编码为“nowhere”的窗口"),
            ($"{new OldRow(Item: "nothing")}", "没有编码为“nothing”的事项"),
            ($"{new OldRow(Channel: "")}", "channel 是空的"),
            ($"{new OldRow(Channel: "3")}", "须用 --profile 指明"),
            ($"{new OldRow(Channel: "fax")}", "channel 的“fax”无法识别"),
            ($"{new OldRow(Grade: "")}", "grade 是空的"),
            ($"{new OldRow(Grade: "5")}", "须用 --profile 指明"),
            ($"{new OldRow(Grade: "好")}", "应为非常满意、满意、基本满意、不满意、非常不满意之一"),
            ($"{new OldRow(At: "")}", "submittedAt 是空的"),
            ($"{new OldRow(At: "2025-03-03")}", "不是时间"),
            ($"{new OldRow(At: "2025-03-03T10:00:00")}", "不是时间"),
            ($"{new OldRow(At: "2025-02-29 10:00:00")}", "不是时间"),
            ($"{new OldRow(At: "1925-03-03 10:00:00")}", "早于 2000 年"),
            ($"{new OldRow(At: "1999-12-31T23:59:59+08:00")}", "早于 2000 年"),
            ($"{new OldRow(At: $"{tomorrow:yyyy-MM-dd'T'HH:mm:ss'Z'}")}", "在将来"),
            ($"{new OldRow(Comment: new string('长', 501))}", "意见最多500字，现在是501字"),
            ($"{new OldRow()},more", "这一行有 8 列，表头有 7 列"),
            ("A-1,too,few", "这一行有 3 列，表头有 7 列"),
            ($"{new OldRow(Comment: "a \"b\" c")}", "引号用得不对"),
            ($"{new OldRow(Comment: new string('y', 1 << 20))}", "这一行超过 8192 个字符"),
        ];

        var (exitCode, output, errors) = await host.ImportAsync(
            Importing.Csv([
                new OldRow("first", Comment: "\"一\n二\""),
                "",
                .. bad.Select(b => b.Row),
                ",,,,,,",
                new OldRow("last"),
            ])
        );

        Assert.True(exitCode == 1, errors);
        Assert.StartsWith($"新导入 2 条，此前已导入 0 条，未导入 {bad.Length} 行；", output, StringComparison.Ordinal);
        var rejects = await host.RejectsAsync();
        Assert.Equal(bad.Length, rejects.Count);
        foreach (var ((row, reason), i) in bad.Select((b, i) => (b, i)))
        {
            Assert.StartsWith($"{i + 5},", rejects[i], StringComparison.Ordinal);
            Assert.True(
                rejects[i].Split(',')[1].Contains(reason, StringComparison.Ordinal),
                $"{Excerpt(row)}: {Excerpt(rejects[i])}"
            );
        }
        await host.AssertNothingWrongAsync();
    }

    [Theory]
    [InlineData("national", "0", "qr", "编码规则 national 中没有 grade 的“0”")]
    [InlineData("national", "6", "qr", "编码规则 national 中没有 grade 的“6”")]
    [InlineData("national", "5", "8", "编码规则 national 中没有 channel 的“8”")]
    [InlineData("gb39046", "5", "3", "编码规则 gb39046 中没有 channel 的“3”")]
    public async Task A_number_that_the_profile_does_not_have_is_not_guessed(
        string profile,
        string grade,
        string channel,
        string reason
    )
    {
        await using var host = await TestHost.StartAsync();
        Assert.Equal(
            1,
            (
                await host.ImportAsync(Importing.Csv(new OldRow(Grade: grade, Channel: channel)), "--profile", profile)
            ).ExitCode
        );
        Assert.StartsWith($"2,{reason},", Assert.Single(await host.RejectsAsync()), StringComparison.Ordinal);
        Assert.Equal(0, await host.CountAsync("Ratings"));
    }

    [Fact]
    public async Task Mended_rejects_can_be_imported_as_they_are()
    {
        await using var host = await TestHost.StartAsync();
        await host.ImportAsync(
            Importing.Csv(new OldRow("A-1"), new OldRow("A-2", Grade: "好", Comment: "\"他说\"\"快\"\"，\n真的\""))
        );
        var path = Path.Combine(host.DataDirectory, $"{Importing.FileName}.rejects.csv");
        Assert.True(
            (await File.ReadAllBytesAsync(path, Ct)).AsSpan().StartsWith(Encoding.UTF8.Preamble),
            "Excel takes it for another encoding."
        );
        var mended = (await File.ReadAllTextAsync(path, Ct)).Replace("好,2025", "满意,2025", StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, mended, Ct);

        var (exitCode, _, errors) = await host.ImportFileAsync($"{Importing.FileName}.rejects.csv");

        Assert.True(exitCode == 0, errors);
        Assert.Equal(
            "他说\"快\"，\n真的",
            Assert.Single(await host.QueryAsync("SELECT Comment FROM RatingDetails"))[0]
        );
    }

    [Theory]
    [InlineData("很好,下次再来", "")]
    [InlineData("很好,下次再来", ",")]
    [InlineData("他说\"好,很好\"", "")]
    [InlineData("\"很好\" \"下次再来\"", "")]
    public async Task A_comment_that_the_file_split_is_never_stored_in_part_even_if_the_rejects_are_imported(
        string comment,
        string afterHeader
    )
    {
        await using var host = await TestHost.StartAsync();
        var header = $"{Importing.Header}{afterHeader}";
        string File(string text) => $"{header}\n{new OldRow("\"A-1\"", Comment: text)}\n";

        Assert.Equal(1, (await host.ImportAsync(File(comment))).ExitCode);
        var rejects = Assert.Single(await host.RejectsAsync());
        Assert.Equal("A-1", rejects.Split(',')[2]);
        Assert.Equal(1, (await host.ImportFileAsync($"{Importing.FileName}.rejects.csv")).ExitCode);
        Assert.Equal(0, await host.CountAsync("Ratings"));

        var (exitCode, _, errors) = await host.ImportAsync(File("\"很好,下次再来\""));
        Assert.True(exitCode == 0, errors);
        Assert.Equal("很好,下次再来", Assert.Single(await host.QueryAsync("SELECT Comment FROM RatingDetails"))[0]);
    }

    [Fact]
    public async Task A_row_with_too_few_cells_is_not_stored_from_the_rejects_either()
    {
        await using var host = await TestHost.StartAsync();
        await host.ImportAsync($"{Importing.Header}\nA-1,{{window}},,qr,满意,2025-03-03 10:00:00\n");
        Assert.StartsWith("2,这一行有 6 列", Assert.Single(await host.RejectsAsync()), StringComparison.Ordinal);

        Assert.Equal(1, (await host.ImportFileAsync($"{Importing.FileName}.rejects.csv")).ExitCode);
        Assert.Equal(0, await host.CountAsync("Ratings"));
    }

    [Fact]
    public async Task Rejects_that_somebody_may_be_mending_are_not_written_over()
    {
        await using var host = await TestHost.StartAsync();
        var content = Importing.Csv(new OldRow("A-1"), new OldRow("A-2", Grade: "好"));
        await host.ImportAsync(content);
        var path = Path.Combine(host.DataDirectory, $"{Importing.FileName}.rejects.csv");
        await File.AppendAllTextAsync(path, "mended\n", Ct);

        var (_, output, _) = await host.ImportAsync(content);
        Assert.Contains("rejects-2.csv", output, StringComparison.Ordinal);
        await host.ImportAsync(Importing.Csv(new OldRow("A-1")));

        Assert.EndsWith("mended\n", await File.ReadAllTextAsync(path, Ct), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(host.DataDirectory, "*.rejects*.csv").Length);
    }

    [Fact]
    public async Task What_Excel_would_run_is_inert_in_the_rejects_and_itself_again_when_they_are_imported()
    {
        await using var host = await TestHost.StartAsync();
        string[] comments = ["=1+1", "+86", "-", "@all", "'=1"];
        await host.ImportAsync(Importing.Csv(comments.Select((c, i) => new OldRow($"A-{i}", Grade: "好", Comment: c))));
        Assert.Equal(comments.Select(c => $"'{c}"), (await host.RejectsAsync()).Select(row => row.Split(',')[^1]));
        var path = Path.Combine(host.DataDirectory, $"{Importing.FileName}.rejects.csv");
        await File.WriteAllTextAsync(
            path,
            (await File.ReadAllTextAsync(path, Ct)).Replace("好,2025", "满意,2025", StringComparison.Ordinal),
            Ct
        );

        await host.ImportFileAsync($"{Importing.FileName}.rejects.csv");

        Assert.Equal(
            comments.Order(StringComparer.Ordinal),
            (await host.QueryAsync("SELECT Comment FROM RatingDetails"))
                .Select(r => (string)r[0]!)
                .Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("0001-01-01 00:00:00", "早于 2000 年")]
    [InlineData("9999-12-31 23:59:59", "在将来")]
    [InlineData("0001-01-01T00:00:00Z", "早于 2000 年")]
    [InlineData("9999-12-31T23:59:59Z", "在将来")]
    public async Task The_first_and_last_days_of_the_calendar_stop_no_import(string at, string reason)
    {
        await using var host = await TestHost.StartAsync();
        await host.ImportAsync(Importing.Csv(new OldRow("A-1", At: at), new OldRow("A-2")));
        Assert.Contains(reason, Assert.Single(await host.RejectsAsync()), StringComparison.Ordinal);
        Assert.Equal(1, await host.CountAsync("Ratings"));
    }

    [Fact]
    public async Task Dates_as_Excel_writes_them_are_read_and_ids_that_it_has_spoilt_are_not()
    {
        await using var host = await TestHost.StartAsync();
        await host.ImportAsync(
            Importing.Csv(
                new OldRow("A-1", At: "2025/3/3 9:05"),
                new OldRow("A-2", At: "2025/11/13 19:05:07"),
                new OldRow("2.02503E+15")
            )
        );
        Assert.Contains("Excel 改写过", Assert.Single(await host.RejectsAsync()), StringComparison.Ordinal);
        Assert.Equal(
            [9L, 19L],
            (await host.QueryAsync("SELECT LocalHour FROM Ratings ORDER BY LocalHour")).Select(r => (long)r[0]!)
        );
    }

    [Theory]
    [InlineData("serviceeval.db", "已存在")]
    [InlineData("ratings.csv", "已存在")]
    [InlineData("none/rejects.csv", "无法写入")]
    public async Task Rejects_never_replace_another_file_and_nothing_is_imported_without_a_place_for_them(
        string rejects,
        string sentence
    )
    {
        await using var host = await TestHost.StartAsync();
        var (exitCode, _, errors) = await host.ImportAsync(Importing.Csv(new OldRow()), "--rejects", rejects);
        Assert.Equal(1, exitCode);
        Assert.Contains(sentence, Importing.Sentence(errors), StringComparison.Ordinal);
        Assert.Equal(0, await host.CountAsync("Ratings"));
        Assert.StartsWith(
            Importing.Header,
            await File.ReadAllTextAsync(Path.Combine(host.DataDirectory, Importing.FileName), Ct),
            StringComparison.Ordinal
        );
    }

    private static string Excerpt(string text) => text.Length < 200 ? text : text[..200];
}
