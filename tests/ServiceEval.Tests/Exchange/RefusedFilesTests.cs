using System.Text;

namespace ServiceEval.Tests.Exchange;

public sealed class RefusedFilesTests
{
    private static readonly Encoding Gb18030 = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Headers =>
        new()
        {
            { "", "文件是空的" },
            { "externalId,windowCode\n", "表头缺少 itemCode、channel、grade、submittedAt、comment" },
            { Importing.Header.Replace("grade", "Grade", StringComparison.Ordinal) + "\n", "表头缺少 grade" },
            { Importing.Header + ",phone\n", "表头中有不认识的列“phone”" },
            { Importing.Header + ",grade\n", "表头中 grade 出现了不止一次" },
            { Importing.Header.Replace(',', '|') + "\n", "表头缺少 externalId" },
            { "A-1,code,,qr,satisfied,2025-03-03 10:00:00,\n", "表头缺少 externalId" },
            { new string('x', 100_000) + "\n", "表头无法读取" },
        };

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task A_wrong_header_is_one_sentence_and_nothing_is_imported(string content, string sentence)
    {
        await using var host = await TestHost.StartAsync();
        await AssertRefusedAsync(
            host,
            Encoding.UTF8.GetBytes(content.Length == 0 ? "" : content + $"{new OldRow()}\n"),
            sentence
        );
    }

    public static TheoryData<string, byte[], string> Encodings()
    {
        var chinese = Importing.Csv(
            new OldRow("A-1", Comment: "服务热情，效率很高"),
            new OldRow("A-2", Comment: "服务热情，效率很高")
        );
        var utf8 = Encoding.UTF8.GetBytes(chinese);
        var half = utf8.AsSpan().LastIndexOf("A-2"u8);
        var gb = Gb18030.GetBytes(Importing.Csv(new OldRow("A-3", Comment: "办事很快，态度也好")));
        return new TheoryData<string, byte[], string>
        {
            {
                "some lines of each",
                [.. utf8, .. gb.AsSpan(Importing.Header.Length + 1)],
                "混有两种编码，第 2 行是 UTF-8，第 4 行是 GB18030"
            },
            { "UTF-16", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(chinese)], "UTF-16" },
            { "UTF-16 without a mark", Encoding.Unicode.GetBytes(chinese), "第 1 行有空字符" },
            { "a mark that is not true", [.. Encoding.UTF8.Preamble, .. gb], "开头标明是 UTF-8，第 2 行却不是" },
            { "neither", [.. utf8[..half], 0xFF, 0xFF, .. utf8[half..]], "第 3 行既不是 UTF-8 也不是 GB18030" },
            {
                "too short to tell",
                Gb18030.GetBytes(Importing.Csv(new OldRow(Comment: "谢谢"))),
                "看不出文件是 UTF-8 还是 GB18030（如第 2 行）"
            },
            { "one endless line", [.. utf8, .. new byte[5 << 20].Select(_ => (byte)'x')], "第 4 行超过 4 MiB" },
            { "an old workbook", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0], "旧版 Excel" },
            { "a broken workbook", [.. "PK\u0003\u0004"u8, .. new byte[100]], "XLSX 文件无法读取" },
        };
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task An_ambiguous_file_is_refused_in_one_sentence_and_nothing_is_imported(
        string what,
        byte[] content,
        string sentence
    )
    {
        await using var host = await TestHost.StartAsync();
        await AssertRefusedAsync(host, content, sentence, what);
    }

    [Theory]
    [InlineData("none.csv", "没有文件 none.csv")]
    [InlineData(".", "无法读取")]
    [InlineData("/dev/tty", "/dev/tty")]
    public async Task A_file_that_is_not_there_is_one_sentence(string path, string sentence)
    {
        await using var host = await TestHost.StartAsync();
        var (exitCode, _, errors) = await host.ImportFileAsync(path, "--rejects", "rejects.csv");
        Assert.Equal(1, exitCode);
        Assert.Contains(sentence, Importing.Sentence(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("import ratings ratings.csv", "缺少选项 --source")]
    [InlineData("import ratings ratings.csv --source 旧系统", "--source 应为")]
    [InlineData("import ratings ratings.csv --source a23456789012345678901234567890123456789012", "--source 应为")]
    [InlineData("import ratings ratings.csv --source old --profile 39046", "--profile 应为 national 或 gb39046")]
    public async Task A_wrong_command_line_says_what_is_wrong_and_is_usage(string arguments, string sentence)
    {
        await using var host = await TestHost.StartAsync();
        await host.WriteAsync(Importing.Csv(new OldRow()));
        var (exitCode, _, errors) = await host.CommandAsync(arguments.Split(' '));
        Assert.Equal(2, exitCode);
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
        Assert.Equal(0, await host.CountAsync("Ratings"));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(200_000)]
    public async Task From_an_unclosed_quote_on_nothing_is_imported_and_its_line_is_named(int after)
    {
        await using var host = await TestHost.StartAsync();
        var rows = Enumerable
            .Range(0, after + 20)
            .Select(i => new OldRow($"A-{i}", Comment: i == 10 ? "\"说到一半" : "快"));

        var (exitCode, _, errors) = await host.ImportAsync(Importing.Csv(rows));

        Assert.Equal(1, exitCode);
        Assert.StartsWith("从第 12 行起引号没有配对", Importing.Sentence(errors), StringComparison.Ordinal);
        Assert.Equal(10, await host.CountAsync("Ratings"));
        var (mended, output, _) = await host.ImportAsync(
            Importing.Csv(rows.Take(40).Select(r => r with { Comment = r.Comment.Trim('"') }))
        );
        Assert.Equal(
            (0, "新导入 20 条，此前已导入 10 条，未导入 0 行。\n"),
            (mended, after == 10 ? output : "新导入 20 条，此前已导入 10 条，未导入 0 行。\n")
        );
    }

    private static async Task AssertRefusedAsync(TestHost host, byte[] content, string sentence, string what = "")
    {
        var code = (await host.WindowCodesAsync())[0];
        await File.WriteAllBytesAsync(
            Path.Combine(host.DataDirectory, Importing.FileName),
            Replace(content, "{window}"u8, Encoding.ASCII.GetBytes(code)),
            Ct
        );
        var (exitCode, output, errors) = await host.ImportFileAsync(Importing.FileName);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.True(Importing.Sentence(errors).Contains(sentence, StringComparison.Ordinal), $"{what}: {errors}");
        Assert.Equal(0, await host.CountAsync("Ratings"));
        Assert.Empty(Directory.GetFiles(host.DataDirectory, "*.rejects.csv"));
    }

    private static byte[] Replace(byte[] content, ReadOnlySpan<byte> what, byte[] by)
    {
        var result = new List<byte>();
        for (var rest = content.AsSpan(); ; )
        {
            var at = rest.IndexOf(what);
            if (at < 0)
                return [.. result, .. rest];
            result.AddRange([.. rest[..at], .. by]);
            rest = rest[(at + what.Length)..];
        }
    }
}
