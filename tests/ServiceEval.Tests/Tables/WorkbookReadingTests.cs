using System.IO.Compression;
using ServiceEval.Tests.Exchange;
using ServiceEval.Web.Tables;

namespace ServiceEval.Tests.Tables;

/// <summary>A workbook's declarations of its own format are trusted. A value that stays ambiguous is refused.</summary>
public sealed class WorkbookReadingTests
{
    private static readonly TableShape Shape = new(["code", "at"], ["at"]);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 45719.416666667, "2025-03-03 10:00:00")]
    [InlineData(true, 44257.416666667, "2025-03-03 10:00:00")]
    [InlineData(true, 0, "1904-01-01 00:00:00")]
    [InlineData(false, 61, "1900-03-01 00:00:00")]
    [InlineData(false, 59, "1900-02-28 00:00:00")]
    [InlineData(false, 1, "1900-01-01 00:00:00")]
    [InlineData(false, 0.5, "12:00:00")]
    public void Dates_are_counted_from_the_year_that_the_workbook_states(bool from1904, double days, string text)
    {
        var row = Assert.Single(Read(new OldWorkbook(["code", "at"], ["1", new Date(days)]) { From1904 = from1904 }));
        Assert.Equal((null, text), (row.Fault, row.Cells[1]));
    }

    [Theory]
    [InlineData(60, "不存在的日期 1900-02-29")]
    [InlineData(-1, "不是日期")]
    [InlineData(2958466, "不是日期")]
    public void Impossible_dates_are_faults(double days, string fault) =>
        Assert.Contains(
            fault,
            Assert.Single(Read(new OldWorkbook(["code", "at"], ["1", new Date(days)]))).Fault,
            StringComparison.Ordinal
        );

    public static TheoryData<object> DateFormats =>
        [
            14,
            17,
            22,
            27,
            31,
            36,
            50,
            57,
            58,
            20,
            32,
            55,
            "yyyy\"年\"m\"月\"d\"日\"\\ h:mm",
            "[$-804]yyyy/m/d;@",
            "上午/下午h\"时\"mm\"分\"",
            "m/d/yy h:mm;@",
        ];

    [Theory]
    [MemberData(nameof(DateFormats))]
    public void A_number_in_a_format_of_dates_is_the_date(object format)
    {
        var row = Assert.Single(
            Read(new OldWorkbook(["code", "at"], ["1", new Styled(45719.416666667, 0)]) { Formats = [format] })
        );
        Assert.Equal((null, "2025-03-03 10:00:00"), (row.Fault, row.Cells[1]));
    }

    public static TheoryData<object, double, bool, string> DaysAndTimes =>
        new()
        {
            { 14, 45719, false, "2025-03-03" },
            { 31, 45719, false, "2025-03-03" },
            { 57, 45719, false, "2025-03-03" },
            { "[$-804]yyyy/m/d;@", 45719, false, "2025-03-03" },
            { "yyyy\"年\"m\"月\"d\"日\"", 44257, true, "2025-03-03" },
            { 22, 45719, false, "2025-03-03 00:00:00" },
            { "m/d/yy h:mm;@", 45719, false, "2025-03-03 00:00:00" },
            { "yyyy/m/d 上午/下午", 45719, false, "2025-03-03 00:00:00" },
            { 20, 0.5, false, "12:00:00" },
            { 20, 0.5, true, "12:00:00" },
            { 22, 0.5, true, "1904-01-01 12:00:00" },
        };

    /// <summary>A date without a time is not a moment. Midnight is a moment if the sheet displays it.</summary>
    [Theory]
    [MemberData(nameof(DaysAndTimes))]
    public void A_date_gets_no_time_and_a_time_gets_no_date(object format, double number, bool from1904, string text)
    {
        var workbook = new OldWorkbook(["code", "at"], ["1", new Styled(number, 0)]) { Formats = [format] };
        workbook.From1904 = from1904;
        var row = Assert.Single(Read(workbook));
        Assert.Equal((null, text), (row.Fault, row.Cells[1]));
    }

    [Fact]
    public void A_strict_workbook_writes_a_day_as_its_midnight_and_the_format_tells()
    {
        var cell = new RawCell("t=\"d\" s=\"2\"", "<v>2025-03-03T00:00:00</v>");
        var row = Assert.Single(Read(new OldWorkbook(["code", "at"], ["1", cell]) { Formats = [14] }));
        Assert.Equal((null, "2025-03-03"), (row.Fault, row.Cells[1]));
    }

    [Theory]
    [InlineData("General", 5, "5")]
    [InlineData("0", 5, "5")]
    [InlineData("0.00", 5, "5")]
    [InlineData("#,##0", 1234567, "1234567")]
    [InlineData("@", 123, "123")]
    [InlineData("[Red]0", 12, "12")]
    [InlineData("G/通用格式", 12, "12")]
    [InlineData("00000000", 1234, "00001234")]
    public void A_number_is_what_people_see(string format, double number, string text)
    {
        var row = Assert.Single(
            Read(new OldWorkbook(["code", "at"], [new Styled(number, 0), "x"]) { Formats = [format] })
        );
        Assert.Equal((null, text), (row.Fault, row.Cells[0]));
    }

    [Theory]
    [InlineData("0%", 5, "显示为“500%”，存的却是 5（code 列）")]
    [InlineData("0.00E+00", 2000, "显示为“2.00E+03”，存的却是 2000")]
    [InlineData("0", 1.5, "存的却是 1.5")]
    [InlineData("[h]:mm", 1.5, "显示为“36:00”")]
    [InlineData("General", 1.1E+17, "有数字超过 15 位（code 列）")]
    [InlineData("yyyy-m-d", 45719, "有一格是日期 2025-03-03（code 列）")]
    public void A_number_that_people_see_as_something_else_is_a_fault(string format, double number, string fault) =>
        Assert.Contains(
            fault,
            Assert
                .Single(Read(new OldWorkbook(["code", "at"], [new Styled(number, 0), "x"]) { Formats = [format] }))
                .Fault,
            StringComparison.Ordinal
        );

    public static TheoryData<string, string, string, string> Cells =>
        new()
        {
            { "a boolean", "t=\"b\"", "<v>1</v>", "TRUE" },
            { "a formula's text", "t=\"str\"", "<f>A1&amp;1</f><v>x1</v>", "x1" },
            { "a formula's number", "", "<f>1+1</f><v>2</v>", "2" },
            {
                "rich text with a reading",
                "t=\"inlineStr\"",
                "<is><r><t>办</t></r><r><rPr><b/></rPr><t xml:space=\"preserve\"> 证</t></r><rPh sb=\"0\" eb=\"1\"><t>ban</t></rPh><phoneticPr fontId=\"1\"/></is>",
                "办 证"
            },
            { "a strict date", "t=\"d\"", "<v>2025-03-03T10:00:00</v>", "2025-03-03 10:00:00" },
            { "a strict time of day", "t=\"d\"", "<v>10:00:00</v>", "10:00:00" },
            { "a strict day", "t=\"d\"", "<v>2025-03-03</v>", "2025-03-03" },
            { "a strict midnight", "t=\"d\"", "<v>2025-03-03T00:00:00</v>", "2025-03-03 00:00:00" },
            { "an escaped character", "t=\"inlineStr\"", "<is><t>a_x000A_b_x005F_c</t></is>", "a\nb_c" },
        };

    [Theory]
    [MemberData(nameof(Cells))]
    public void Every_type_of_cell_is_read(string what, string attributes, string content, string text)
    {
        var row = Assert.Single(Read(new OldWorkbook(["code", "at"], ["1", new RawCell(attributes, content)])));
        Assert.True(row is { Fault: null } && row.Cells[1] == text, $"{what}: {row.Fault} {row.Cells[1]}");
    }

    [Theory]
    [InlineData("t=\"e\"", "<v>#REF!</v>", "有错误值 #REF!（at 列）")]
    [InlineData("", "<f>A1</f>", "有公式没有算出的值（at 列）")]
    [InlineData("t=\"d\"", "<v>10:00:00Z</v>", "有一格不是日期")]
    [InlineData("t=\"d\"", "<v>March</v>", "有一格不是日期")]
    [InlineData("t=\"d\"", "<v>2025-03-03T10:00:00Z</v>", "有一格不是日期")]
    public void A_cell_without_a_certain_value_is_a_fault(string attributes, string content, string fault) =>
        Assert.StartsWith(
            fault,
            Assert.Single(Read(new OldWorkbook(["code", "at"], ["1", new RawCell(attributes, content)]))).Fault,
            StringComparison.Ordinal
        );

    [Fact]
    public void Strict_workbooks_and_shared_rich_texts_say_the_same()
    {
        var row = Assert.Single(
            Read(
                new OldWorkbook(["code", new Shared("at")], [new Shared("x 1"), new Date(45719)])
                {
                    IsStrict = true,
                    From1904 = false,
                }
            )
        );
        Assert.Equal(["x 1", "2025-03-03 00:00:00"], row.Cells);
    }

    [Fact]
    public void Rows_that_are_left_out_count_and_hidden_ones_are_read()
    {
        var rows = Read(
            new OldWorkbook
            {
                OtherSheets =
                [
                    (
                        "数据",
                        null,
                        """
                        <row r="3"><c r="A3" t="inlineStr"><is><t>code</t></is></c><c t="inlineStr"><is><t>at</t></is></c></row>
                        <row r="5" hidden="1"><c r="A5"><v>7</v></c></row><row r="9"><c r="B9"><v>8</v></c></row>
                        """
                    ),
                ],
            }
        );
        Assert.Equal([(5L, "7", ""), (9L, "", "8")], rows.Select(r => (r.Line, r.Cells[0], r.Cells[1])));
    }

    [Fact]
    public void The_one_sheet_that_has_the_columns_is_read()
    {
        var note = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>填写说明</t></is></c></row>";
        Assert.Single(
            Read(new OldWorkbook(["code", "at"], ["1", "x"]) { OtherSheets = [("说明", null, note), ("空", null, "")] })
        );
        Assert.Equal(
            "2",
            Assert.Single(Read(new OldWorkbook(["填写说明"]) { OtherSheets = [("数据", null, Sheet("2"))] })).Cells[0]
        );
        Assert.Equal(
            "2",
            Assert
                .Single(
                    Read(
                        new OldWorkbook(["code", "at"], ["1", "x"])
                        {
                            FirstSheetState = "hidden",
                            OtherSheets = [("数据", null, Sheet("2"))],
                        }
                    )
                )
                .Cells[0]
        );
    }

    [Fact]
    public void Several_matching_sheets_and_merged_cells_are_refused_by_name()
    {
        Assert.Contains(
            "（评价、二月）",
            Refusal(new OldWorkbook(["code", "at"], ["1", "x"]) { OtherSheets = [("二月", null, Sheet("2"))] }),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "（A2:A4）",
            Refusal(
                new OldWorkbook(["code", "at"], ["1", "x"])
                {
                    AfterRows = "<mergeCells count=\"1\"><mergeCell ref=\"A2:A4\"/></mergeCells>",
                }
            ),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("xl/workbook.bin", "二进制工作簿（.xlsb）")]
    [InlineData("content.xml", "OpenDocument 表格（.ods）")]
    [InlineData("word/document.xml", "里面没有工作簿")]
    public void Other_archives_are_named(string part, string sentence)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            zip.CreateEntry(part);
        Assert.Contains(
            sentence,
            Assert.Throws<UnreadableTableException>(() => Table.Open(Whole(file.ToArray()), Shape, Ct)).Message,
            StringComparison.Ordinal
        );
    }

    private static string Sheet(string code) =>
        $"<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>code</t></is></c><c r=\"B1\" t=\"inlineStr\"><is><t>at</t></is></c></row><row r=\"2\"><c r=\"A2\"><v>{code}</v></c></row>";

    private static string Refusal(OldWorkbook workbook) =>
        Assert.Throws<UnreadableTableException>(() => Read(workbook)).Message;

    private static IReadOnlyList<TableRow> Read(OldWorkbook workbook)
    {
        using var table = Table.Open(Whole(workbook.ToBytes()), Shape, Ct);
        return [.. table.Rows];
    }

    private static MemoryStream Whole(byte[] bytes) => new(bytes, writable: false);
}
