using System.Xml;
using System.Xml.Linq;
using ServiceEval.Web.Publishing.Workbooks;

namespace ServiceEval.Tests.Reports.Renderings;

public sealed class WorkbookTests
{
    private static readonly DateOnly Dated = new(2026, 11, 23);

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1+1")]
    [InlineData("1")]
    [InlineData("2026-11-23")]
    [InlineData("=HYPERLINK(\"http://example.com\",\"<点我>\")")]
    [InlineData("_x003D_1+1")]
    [InlineData("_xD842__xDFB7_")]
    public void Text_stays_text_whatever_it_looks_like(string text)
    {
        var cell = Write(text).Rows("表")[1][0];

        Assert.Equal(("str", "@", false), (cell.Type, cell.Format, cell.IsFormula));
        // Spreadsheets know one escape sequence, and this sequence is escaped itself.
        Assert.Equal(text.Replace("_x", "_x005F_x", StringComparison.Ordinal), cell.Value);
    }

    [Theory]
    [InlineData("综合\u0000窗\u0001口\u000B", "综合窗口")]
    [InlineData("\uFFFE\uFFFF窗口", "窗口")]
    [InlineData("𠮷林路𡐓镇🙂", "𠮷林路𡐓镇🙂")]
    [InlineData("一\n二", "一\n二")]
    public void Characters_that_XML_can_not_say_are_left_out_and_rare_ones_stay(string text, string legible) =>
        Assert.Equal(legible, Write(text).Rows("表")[1][0].Value);

    [Fact]
    public void A_lone_surrogate_does_not_damage_the_text_around_it() =>
        Assert.Equal("张\uFFFD三", Write($"张{(char)0xD842}三").Rows("表")[1][0].Value);

    [Fact]
    public void A_year_that_no_ZIP_file_can_bear_is_no_fault() =>
        Assert.NotEmpty(
            Workbook.Write(
                [
                    new Sheet(
                        "表",
                        [SheetColumn.Text("文字", 20)],
                        1,
                        [
                            ["窗口"],
                        ]
                    ),
                ],
                new DateOnly(2999, 1, 7)
            )
        );

    [Fact]
    public void The_head_stays_in_sight_and_columns_have_their_widths()
    {
        var sheet = Write("窗口").Sheet("表");

        Assert.Equal(
            ("1", "frozen"),
            ((string?)Named(sheet, "pane").Attribute("ySplit"), (string?)Named(sheet, "pane").Attribute("state"))
        );
        Assert.InRange((double)Named(sheet, "col").Attribute("width")!, 20, 21);
    }

    [Fact]
    public void A_table_longer_than_a_sheet_goes_on_in_a_second_one_and_none_of_it_is_held_in_memory()
    {
        const int Rows = Workbook.LongestSheet + 1;
        GC.Collect();
        var (before, most) = (GC.GetTotalMemory(forceFullCollection: true), 0L);
        var rows = Enumerable
            .Range(0, Rows)
            .Select(i =>
            {
                if (i % 100_000 == 0)
                    most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
                return (object?[])[i];
            });

        var file = Workbook.Write([new Sheet("表", [SheetColumn.Count("条数")], Rows, rows)], Dated);

        var workbook = new Xlsx(file);
        Assert.Equal(["表", "表（2）"], workbook.SheetNames);
        Assert.Equal((Workbook.LongestSheet, $"{Rows - 3}"), LastRow(workbook, "sheet1"));
        Assert.Equal(["条数", $"{Rows - 2}", $"{Rows - 1}"], workbook.Rows("表（2）").Select(r => r[0].Value));
        Assert.True(most < 50 << 20, $"{most} bytes.");
    }

    /// <summary>Reads the sheet as a stream, because as a document it would need a gigabyte.</summary>
    private static (int Rows, string Last) LastRow(Xlsx workbook, string part)
    {
        using var content = workbook.Entries.Single(e => e.FullName == $"xl/worksheets/{part}.xml").Open();
        using var reader = XmlReader.Create(content);
        var (rows, last) = (0, "");
        while (reader.Read())
        {
            // The settings for printing follow the rows.
            if (reader is { LocalName: "sheetData", NodeType: XmlNodeType.EndElement })
                break;
            if (reader.LocalName == "row" && reader.NodeType == XmlNodeType.Element)
                rows++;
            if (reader.NodeType == XmlNodeType.Text)
                last = reader.Value;
        }
        return (rows, last);
    }

    private static XElement Named(XElement sheet, string name) =>
        sheet.Descendants().First(e => e.Name.LocalName == name);

    private static Xlsx Write(string text) =>
        new(
            Workbook.Write(
                [
                    new Sheet(
                        "表",
                        [SheetColumn.Text("文字", 20)],
                        1,
                        [
                            [text],
                        ]
                    ),
                ],
                Dated
            )
        );
}
