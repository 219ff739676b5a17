using System.IO.Compression;
using System.Text;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Exchange;

public sealed class WorkbooksTests
{
    private const string FileName = "ratings.xlsx";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_workbook_says_the_same_as_the_text()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        await WriteAsync(
            host,
            new OldWorkbook(
                OldWorkbook.Header,
                // 45719.416666667 is 2025-03-03 10:00:00, as Excel stores it.
                [
                    new Shared("A-1"),
                    new Shared(code),
                    null,
                    "qr",
                    new Shared("满意"),
                    new Date(45719.416666667),
                    new Shared("很快，\n谢谢"),
                ],
                [2.0, code, null, "qr", 5.0, "2025-03-03 10:00:00", null],
                []
            )
        );

        var (exitCode, output, errors) = await host.ImportFileAsync(FileName, "--profile", "national");
        Assert.True(exitCode == 0, errors);
        Assert.StartsWith("新导入 2 条", output, StringComparison.Ordinal);

        var (same, repeated, _) = await host.ImportAsync(
            Importing.Csv(new OldRow("A-1", Comment: "\"很快，\n谢谢\""), new OldRow("2", Grade: "非常满意"))
        );
        Assert.Equal((0, "新导入 0 条，此前已导入 2 条，未导入 0 行。\n"), (same, repeated));
        await host.AssertNothingWrongAsync();
    }

    [Fact]
    public async Task A_workbook_whose_dates_count_from_1904_says_the_same_too()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        await WriteAsync(
            host,
            new OldWorkbook(
                OldWorkbook.Header,
                ["A-1", code, null, "qr", "满意", new Date(44257.416666667)],
                [new Date(44257), code, null, "qr", "满意", new Date(44257.416666667)]
            )
            {
                From1904 = true,
            }
        );

        Assert.Equal(1, (await host.ImportFileAsync(FileName)).ExitCode);

        Assert.StartsWith(
            "3,有一格是日期 2025-03-03 00:00:00（externalId 列）",
            Assert.Single(await host.RejectsAsync(FileName)),
            StringComparison.Ordinal
        );
        Assert.Equal(
            [20250303L, 10L],
            Assert.Single(await host.QueryAsync("SELECT LocalDate, LocalHour FROM Ratings"))
        );
    }

    [Fact]
    public async Task A_bad_row_is_named_with_its_row_in_the_sheet()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        await WriteAsync(
            host,
            new OldWorkbook(
                OldWorkbook.Header,
                ["A-1", code, null, "qr", "满意", "2025-03-03 10:00:00"],
                [],
                [1234567890123456789.0, code, null, "qr", "满意", "2025-03-03 10:00:00"],
                ["A-3", code, null, "qr", "满意", 45719.4],
                ["A-4", code, null, "qr", "满意", "2025-03-03 10:00:00", null, "more"]
            )
        );

        Assert.Equal(1, (await host.ImportFileAsync(FileName)).ExitCode);

        var rejects = await host.RejectsAsync(FileName);
        Assert.Equal(3, rejects.Count);
        Assert.StartsWith("4,有数字超过 15 位", rejects[0], StringComparison.Ordinal);
        Assert.StartsWith("5,submittedAt 的“45719.4”不是时间", rejects[1], StringComparison.Ordinal);
        Assert.StartsWith("6,这一行有 8 列，表头有 7 列", rejects[2], StringComparison.Ordinal);
        Assert.Equal(1, await host.CountAsync("Ratings"));
    }

    /// <summary>
    /// One rule holds for both kinds of file. A value that is not a time, a text or a code in a text file is not one in
    /// a workbook.
    /// </summary>
    [Fact]
    public async Task What_a_workbook_is_refused_for_a_text_is_refused_for_in_the_same_words()
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        const string Moment = "2025-03-03 10:00:00";
        await WriteAsync(
            host,
            new OldWorkbook(
                OldWorkbook.Header,
                ["A-1", code, null, "qr", "满意", new Styled(45719, 0)],
                ["A-2", code, null, "qr", "满意", new Styled(0.5, 1)],
                ["A-3", code, null, "qr", "满意", new RawCell("t=\"b\"", "<v>1</v>")],
                [new RawCell("t=\"e\"", "<v>#N/A</v>"), code, null, "qr", "满意", Moment],
                ["A-5", code, null, "qr", "满意", Moment, new RawCell("t=\"e\"", "<v>#REF!</v>")],
                ["#N/A", code, null, "qr", "满意", Moment],
                ["1.23457e+17", code, null, "qr", "满意", Moment]
            )
            {
                Formats = [14, 20],
            }
        );
        Assert.Equal(1, (await host.ImportFileAsync(FileName)).ExitCode);
        var ofWorkbook = await ReasonsAsync(FileName);

        await host.ImportAsync(
            Importing.Csv(
                new OldRow("A-1", At: "2025-03-03"),
                new OldRow("A-2", At: "12:00:00"),
                new OldRow("A-3", At: "TRUE"),
                new OldRow("#N/A"),
                new OldRow("A-5", Comment: "#REF!"),
                new OldRow("#N/A"),
                new OldRow("1.23457e+17")
            )
        );
        var ofText = await ReasonsAsync("ratings.csv");

        Assert.Equal(7, ofWorkbook.Count);
        Assert.Equal(ofText, ofWorkbook);
        Assert.Equal(0, await host.CountAsync("Ratings"));
        Assert.StartsWith("submittedAt 的“2025-03-03”不是时间，应如", ofText[0], StringComparison.Ordinal);

        async Task<IReadOnlyList<string>> ReasonsAsync(string file) =>
            [.. (await host.RejectsAsync(file)).Select(line => line.Split(',')[1])];
    }

    [Fact]
    public async Task An_import_removes_what_one_that_was_killed_an_hour_ago_has_left()
    {
        using var left = new LeftBehind("serviceeval-import-");
        await using var host = await TestHost.StartAsync();
        await WriteAsync(
            host,
            new OldWorkbook(
                OldWorkbook.Header,
                ["A-1", (await host.WindowCodesAsync())[0], null, "qr", "满意", "2025-03-03 10:00:00"]
            )
        );

        Assert.Equal(0, (await host.ImportFileAsync(FileName)).ExitCode);

        left.AssertOnlyOldIsGone();
    }

    [Fact]
    public async Task A_wrong_header_is_one_sentence()
    {
        await using var host = await TestHost.StartAsync();
        await WriteAsync(host, new OldWorkbook(["externalId", "windowCode"], ["A-1", "x"]));
        await AssertRefusedAsync(host, "表头缺少 itemCode");
        await WriteAsync(host, new OldWorkbook());
        await AssertRefusedAsync(host, "第一个工作表是空的");
    }

    public static TheoryData<string, string> Bombs =>
        new()
        {
            { "a sheet of a gigabyte", "解压后却有" },
            { "a cell of many megabytes", "中有一行或一格超过 2 MiB" },
            { "a shared text of many megabytes", "中有一行或一格超过 2 MiB" },
            { "thousands of parts", "个部件" },
            { "a size that is not true", "XLSX 文件无法读取" },
            { "entities that grow", "XLSX 文件无法读取" },
        };

    [Theory]
    [MemberData(nameof(Bombs), DisableDiscoveryEnumeration = true)]
    public async Task A_workbook_that_unpacks_to_too_much_is_refused_in_little_memory(string bomb, string sentence)
    {
        await using var host = await TestHost.StartAsync();
        var workbook = new OldWorkbook(OldWorkbook.Header);
        switch (bomb)
        {
            case "a sheet of a gigabyte":
                workbook.Filler = 1L << 30;
                break;
            case "a cell of many megabytes":
                workbook = new OldWorkbook(OldWorkbook.Header, [new string('x', 14 << 20)]);
                break;
            case "a shared text of many megabytes":
                workbook = new OldWorkbook(OldWorkbook.Header, [new Shared(new string('x', 14 << 20))]);
                break;
            case "thousands of parts":
                workbook.EmptyParts = 5_000;
                break;
            case "a size that is not true":
                workbook.Filler = 64L << 20;
                workbook.DeclaredSheet = 1_000;
                break;
            default:
                workbook.DocumentType =
                    "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
                break;
        }
        await WriteAsync(host, workbook);
        await AssertRefusedAsync(host, sentence);
    }

    private static Task WriteAsync(TestHost host, OldWorkbook workbook) =>
        File.WriteAllBytesAsync(Path.Combine(host.DataDirectory, FileName), workbook.ToBytes(), Ct);

    private static async Task AssertRefusedAsync(TestHost host, string sentence)
    {
        // DOTNET_GCHeapHardLimit is hexadecimal: 128 MiB. The program cannot take half a gigabyte, so that the test
        // notices if a zip bomb is unpacked.
        var (exitCode, _, errors) = await new ServiceProcess(host.DataDirectory)
            .With("DOTNET_GCHeapHardLimit", "8000000")
            .RunAsync("import", "ratings", FileName, "--source", "old");
        Assert.Equal(1, exitCode);
        Assert.Contains(sentence, Importing.Sentence(errors), StringComparison.Ordinal);
        Assert.Equal(0, await host.CountAsync("Ratings"));
    }
}
