using System.Globalization;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Renderings;
using ServiceEval.Web.Publishing.Workbooks;

namespace ServiceEval.Tests.Reports.Renderings;

public sealed class ReportWorkbookTests
{
    private static readonly string[] Sheets =
    [
        "概况",
        "总体指标",
        "等级与渠道",
        "各日",
        "大厅与乡镇",
        "部门",
        "窗口",
        "分档",
        "事项",
        "亮点与问题",
        "上期措施",
        "近周",
        "前期比较",
        "变化贡献",
        "差评标签",
        "群众留言",
        "数据质量",
        "无评价窗口",
        "疑似重复窗口",
        "存在问题与建议",
        "与前一版差异",
        "指标定义",
    ];

    [Fact]
    public void Every_part_of_the_report_has_its_sheet_and_a_part_that_is_empty_has_none()
    {
        Assert.Equal(Sheets, Write(SmallReport.Report).SheetNames);
        Assert.DoesNotContain(
            "群众留言",
            new Xlsx(ReportWorkbook.Write(SmallReport.Report with { Quotes = [] }, [])).SheetNames
        );
        Assert.All(
            Sheets,
            name => Assert.True(name.Length <= 31 && name.IndexOfAny(['[', ']', ':', '*', '?', '/', '\\']) < 0, name)
        );
    }

    [Fact]
    public void Figures_are_numbers_rates_are_shares_shown_in_percent_and_dates_are_dates()
    {
        var workbook = Write(SmallReport.Report);

        var total = workbook.Row("总体指标", "全部");
        Assert.Equal(("n", "#,##0", "1234"), Told(total[1]));
        Assert.Equal(("n", "[=1]0%;[=0]0%;0.0%"), (total[4].Type, total[4].Format));
        Assert.Equal(1200 / 1234.0, double.Parse(total[4].Value, CultureInfo.InvariantCulture), 15);
        Assert.Equal(("n", "0.00", "94.321"), Told(total[7]));
        var monday = workbook.Rows("各日")[1];
        Assert.Equal(("n", "yyyy-mm-dd"), (monday[0].Type, monday[0].Format));
        Assert.Equal(
            new DateTime(2026, 11, 16),
            DateTime.FromOADate(double.Parse(monday[0].Value, CultureInfo.InvariantCulture))
        );
        Assert.Equal("星期一", monday[1].Value);
        var change = workbook.Row("前期比较", "与上周比");
        Assert.Equal(-0.94, double.Parse(change[5].Value, CultureInfo.InvariantCulture), 10);
        Assert.Equal("+0.0;-0.0;0.0", change[5].Format);
    }

    [Fact]
    public void A_missing_figure_has_the_sign_of_its_reason_and_a_figure_that_does_not_apply_is_empty()
    {
        var workbook = Write(SmallReport.Report);

        var township = workbook.Row("大厅与乡镇", "township-1");
        Assert.Equal(["4", "*", "…", "…", "…", "41"], township.Skip(3).Take(6).Select(c => c.Value));
        Assert.Equal(["", "", "", ""], workbook.Row("大厅与乡镇", "county-hall").Skip(8).Select(c => c.Value));
        Assert.Equal("–", workbook.Row("前期比较", "与前四周比")[4].Value);
        Assert.Equal("前四周中有两周没有评价，不作比较。", workbook.Row("前期比较", "与前四周比")[10].Value);
    }

    [Fact]
    public void A_quote_that_was_erased_says_so()
    {
        var quotes = Write(SmallReport.Report).Rows("群众留言");

        Assert.Equal(["=1+1，等了两个小时，窗口没有人。", "已删除"], quotes.Skip(1).Select(r => r[1].Value));
    }

    [Fact]
    public void The_workbook_shows_nothing_that_fewer_ratings_than_a_cohort_would_reveal()
    {
        var few = SmallReport.Report with
        {
            N = 4,
            Good = 3,
            Rate = 0.75,
            Mean = 80,
            Channels = [new(Core.Ratings.Channel.Qr, 4, 3)],
        };

        var workbook = Write(few);

        Assert.Equal(
            ["*", "*", "*", "*", "*", "*", "*"],
            workbook.Row("总体指标", "全部").Skip(3).Select(c => c.Value)
        );
        Assert.All(
            workbook.Rows("等级与渠道").Where(r => r[0].Value == "等级"),
            r => Assert.Equal(("*", "*"), (r[2].Value, r[3].Value))
        );
        Assert.Equal("*", workbook.Row("等级与渠道", "渠道")[4].Value);
        Assert.All(workbook.Rows("各日").Skip(1), r => Assert.Equal("*", r[3].Value));
    }

    [Fact]
    public void The_same_report_gives_the_same_bytes_dated_the_Monday_after_its_week()
    {
        var (first, second) = (
            ReportWorkbook.Write(SmallReport.Report, SmallReport.Quotes),
            ReportWorkbook.Write(SmallReport.Report, SmallReport.Quotes)
        );

        Assert.Equal(first, second);
        Assert.All(new Xlsx(first).Entries, e => Assert.Equal(new DateTime(2026, 11, 23), e.LastWriteTime.DateTime));
    }

    [Fact]
    public void Sheets_print_on_landscape_pages_as_wide_as_the_paper_with_their_head_on_each()
    {
        var workbook = Write(SmallReport.Report);

        foreach (var (index, name) in workbook.SheetNames.Index())
        {
            var sheet = workbook.Sheet(name);
            var page = Named(sheet, "pageSetup");
            Assert.Equal(
                ("landscape", "9", "1", "0"),
                (
                    (string?)page.Attribute("orientation"),
                    (string?)page.Attribute("paperSize"),
                    (string?)page.Attribute("fitToWidth"),
                    (string?)page.Attribute("fitToHeight")
                )
            );
            Assert.Equal("1", (string?)Named(sheet, "pageSetUpPr").Attribute("fitToPage"));
            Assert.Contains("示例县政务服务", Named(sheet, "oddHeader").Value, StringComparison.Ordinal);
            Assert.Contains("都不表示零", Named(sheet, "oddFooter").Value, StringComparison.Ordinal);
            var (rows, columns) = (
                sheet.Descendants().Count(e => e.Name.LocalName == "row"),
                sheet.Descendants().Count(e => e.Name.LocalName == "col")
            );
            Assert.Equal(
                $"'{name}'!$A$1:${(char)('A' + columns - 1)}${rows}",
                workbook.Defined("_xlnm.Print_Area", index)
            );
            Assert.Equal($"'{name}'!$1:$1", workbook.Defined("_xlnm.Print_Titles", index));
        }
    }

    [Fact]
    public void Parts_of_a_change_have_two_decimals_as_on_the_page_and_zero_has_no_sign()
    {
        var cells = Write(SmallReport.Report).Rows("变化贡献");

        var hall = cells.Single(r => r[2].Value == "示例县政务服务中心1号窗口");
        Assert.Equal("+0.00;-0.00;0.00", hall[5].Format);
        Assert.Equal(-0.1, double.Parse(hall[5].Value, CultureInfo.InvariantCulture), 10);
        Assert.Equal(
            ("0", "0"),
            (
                SheetFigures.Of(-0.00004, SheetFormat.Part).ToString(CultureInfo.InvariantCulture),
                SheetFigures.Of(-0.0004, SheetFormat.Points).ToString(CultureInfo.InvariantCulture)
            )
        );
        Assert.Equal(
            (0.999, 0.001, 1, 0),
            (
                SheetFigures.Of(0.9998, SheetFormat.Rate),
                SheetFigures.Of(0.0002, SheetFormat.Rate),
                SheetFigures.Of(1, SheetFormat.Rate),
                SheetFigures.Of(0, SheetFormat.Rate)
            )
        );
    }

    private static System.Xml.Linq.XElement Named(System.Xml.Linq.XElement sheet, string name) =>
        sheet.Descendants().Single(e => e.Name.LocalName == name);

    private static Xlsx Write(WeeklyReport report) => new(ReportWorkbook.Write(report, SmallReport.Quotes));

    private static (string, string, string) Told(Cell cell) => (cell.Type, cell.Format, cell.Value);
}
