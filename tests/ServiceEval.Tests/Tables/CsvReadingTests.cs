using System.Text;
using ServiceEval.Web.Tables;

namespace ServiceEval.Tests.Tables;

/// <summary>
/// A text file's declarations of its own format are trusted. A value that cannot be stored is refused with its line.
/// </summary>
public sealed class CsvReadingTests
{
    private const string Names = "一号窗口,二号窗口，办事大厅";

    private static readonly Encoding Gb18030 = CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;
    private static readonly TableShape Shape = new(["code", "name"], []);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("code,name\n1,一号窗口\n", 2)]
    [InlineData("code;name\n1;一号窗口\n", 2)]
    [InlineData("code\tname\r\n1\t一号窗口\r\n", 2)]
    [InlineData("sep=;\r\ncode;name\r\n1;一号窗口\r\n", 3)]
    [InlineData("SEP=|\ncode|name\n1|一号窗口\n", 3)]
    [InlineData("\"sep=;\"\ncode;name\n1;\"一号窗口\"\n", 3)]
    [InlineData("sep=,,\ncode,name\n1,一号窗口\n", 3)]
    [InlineData("\n,,\ncode,name\n\n1,一号窗口\n", 5)]
    [InlineData("\n;;\ncode;name\n1;一号窗口\n", 4)]
    [InlineData("\nsep=|\ncode|name\n1|一号窗口\n", 4)]
    [InlineData("code,name,,\n1,一号窗口\n", 2)]
    [InlineData("code,name\n1,一号窗口,,\n", 2)]
    public void The_separator_is_as_stated_or_as_the_header_has_it(string content, int line)
    {
        var row = Assert.Single(Read(Encoding.UTF8.GetBytes(content)));
        Assert.Equal((line, null, "1", "一号窗口"), (row.Line, row.Fault, row.Cells[0], row.Cells[1]));
    }

    [Theory]
    [InlineData("sep=\ncode,name\n", "“sep=”指定的分隔符无法识别")]
    [InlineData("sep=ab\ncode,name\n", "指定的分隔符无法识别")]
    [InlineData("<html><table><tr><td>code</td></tr></table></html>", "这是网页或 XML 文件")]
    [InlineData("<?xml version=\"1.0\"?>\n<Workbook/>", "这是网页或 XML 文件")]
    [InlineData("", "文件是空的")]
    [InlineData("\n\n", "文件是空的")]
    public void What_is_no_table_is_refused(string content, string sentence) =>
        Assert.Contains(sentence, Refusal(Encoding.UTF8.GetBytes(content)), StringComparison.Ordinal);

    [Fact]
    public void A_mark_of_GB18030_is_no_part_of_the_header() =>
        Assert.Equal(
            "一号窗口",
            Assert.Single(Read([0x84, 0x31, 0x95, 0x33, .. Gb18030.GetBytes("code,name\n1,一号窗口\n")])).Cells[1]
        );

    /// <summary>
    /// GB 18030-2022 assigns characters to these two-byte codes. The framework still maps them to the private use area.
    /// </summary>
    [Theory]
    [InlineData("A6D9", "\uFE10")]
    [InlineData("A6DA", "\uFE12")]
    [InlineData("A6F3", "\uFE19")]
    [InlineData("FE59", "\u9FB4")]
    [InlineData("FEA0", "\u9FBB")]
    [InlineData("A8BC", "\u1E3F")]
    [InlineData("FE51", "\U00020087")]
    public void Characters_of_GB18030_2022_are_read_as_what_they_are(string bytes, string character)
    {
        var row = Assert.Single(
            Read([.. Gb18030.GetBytes("code,name\n1,一号窗口"), .. Convert.FromHexString(bytes), (byte)'\n'])
        );
        Assert.Equal((null, $"一号窗口{character}"), (row.Fault, row.Cells[1]));
    }

    [Theory]
    [InlineData("AAA1", "U+E000")]
    [InlineData("F8A1", "U+E234")]
    [InlineData("FE50A2AB", "U+E766")]
    public void A_private_use_character_is_a_fault_of_its_line(string bytes, string point)
    {
        var rows = Read([
            .. Gb18030.GetBytes("code,name\n1,一号窗口\n2,张"),
            .. Convert.FromHexString(bytes),
            .. Gb18030.GetBytes("\n3,三号窗口\n"),
        ]);
        Assert.Equal(
            [null, $"有一个字是造字（{point}），只有造它的电脑认得，请换一种写法", null],
            rows.Select(r => r.Fault)
        );
        Assert.Equal(3, rows[1].Line);
    }

    [Theory]
    [InlineData("big5", "濮陽縣政務服務中心，辦事大廳，戶政窗口")]
    [InlineData("shift_jis", "市民サービスセンター、一番窓口")]
    [InlineData("windows-1252", "Bürgerbüro Köln, Schöneberg, Räume")]
    public void Text_in_another_encoding_is_not_taken_for_Chinese(string encoding, string text)
    {
        var bytes = CodePagesEncodingProvider.Instance.GetEncoding(encoding)!.GetBytes($"code,name\n1,\"{text}\"\n");
        // The text is either invalid in GB18030, or it reads as nonsense.
        Assert.Matches("又不像中文（如第 2 行）|既不是 UTF-8 也不是 GB18030", Refusal(bytes));
    }

    [Fact]
    public void Quotes_blanks_and_lines_within_a_cell_are_kept_as_RFC_4180_has_them()
    {
        var rows = Read(
            Encoding.UTF8.GetBytes($"code,name\n 1 , \"{Names}\" \n2,\"他说\"\"快\"\"，\n真的\"\n3,\"a\" \"b\"\n4,x\n")
        );
        Assert.Equal([Names, "他说\"快\"，\n真的"], rows.Take(2).Select(r => r.Cells[1]));
        Assert.Equal([(2L, true), (3, true), (5, false), (6, true)], rows.Select(r => (r.Line, r.Fault is null)));
    }

    [Theory]
    [InlineData("code,name,\n1,很好,下次再来\n", "这一行有 3 列，表头有 2 列")]
    [InlineData("code,name\n1,很好,下次再来\n", "这一行有 3 列，表头有 2 列")]
    [InlineData("name,,code\n很好,下次再来,1\n", "B 列没有列名，却有内容“下次再来”")]
    public void A_filled_cell_without_a_named_column_is_a_fault_of_its_row(string content, string fault) =>
        Assert.Equal(fault, Assert.Single(Read(Encoding.UTF8.GetBytes(content))).Fault);

    [Theory]
    [InlineData("1,\"第一行\n第二行\",多", "这一行有 3 列，表头有 2 列")]
    [InlineData("\"第一行\n第二行\"", "这一行有 1 列，表头有 2 列，请在原文件中改正")]
    public void A_fault_of_a_row_over_two_lines_is_its_own_and_reading_goes_on(string bad, string fault)
    {
        var rows = Read(Encoding.UTF8.GetBytes($"code,name\n{bad}\n2,二号窗口\n"));
        Assert.Equal([(2L, fault), (4L, null)], rows.Select(r => (r.Line, r.Fault)));
    }

    [Fact]
    public void A_long_row_over_two_lines_is_only_too_long()
    {
        var text = $"第一行\n{new string('长', TableRow.MaxLength)}";
        var rows = Read(Encoding.UTF8.GetBytes($"code,name\n1,\"{text}\"\n2,二号窗口\n"));
        Assert.Equal([TableRow.TooLong, null], rows.Select(r => r.Fault));
    }

    private static string Refusal(byte[] content) =>
        Assert.Throws<UnreadableTableException>(() => Read(content)).Message;

    private static IReadOnlyList<TableRow> Read(byte[] content)
    {
        using var table = Table.Open(new MemoryStream(content, writable: false), Shape, Ct);
        return [.. table.Rows];
    }
}
