using ServiceEval.Core.Ratings;
using ServiceEval.Tests.Reports.Renderings;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Charts;
using ServiceEval.Web.Features.Reports.Compiling;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;
using ServiceEval.Web.Features.Reports.Mail;
using ServiceEval.Web.Features.Reports.Pages;
using ServiceEval.Web.Features.Reports.Renderings;
using ServiceEval.Web.Features.Reports.Wording;

namespace ServiceEval.Tests.Reports;

/// <summary>A protected figure must not be described as one of too few ratings, and must not be left empty.</summary>
public sealed class SignTests
{
    /// <summary>
    /// 43 ratings are enough for a rate. The county less this hall would reveal the grades of the township's three
    /// ratings.
    /// </summary>
    private static WeeklyReport Protected { get; } = new RatedWeeks().Give(1, 40, 3).Give(5, 1, 2).Compile("main");

    [Fact]
    public void The_sheet_of_weeks_tells_too_few_protected_and_unknown_apart()
    {
        var weeks = Protected.Front!.Weeks[^1];
        ReportWeek[] line =
        [
            new("2026-W44", null, null, null, null),
            new("2026-W45", 9, null, null, null),
            new("2026-W46", 100, 0.97, 0.91, 0.99),
            weeks,
        ];

        var workbook = new Xlsx(
            ReportWorkbook.Write(Protected with { Front = Protected.Front with { Weeks = line } }, [])
        );

        Assert.Equal(["–", "…", "0.97", "*"], workbook.Rows("近周").Skip(1).Select(r => r[2].Value));
        Assert.Equal(["*", "*", "*"], workbook.Row("总体指标", "全部").Skip(4).Take(3).Select(c => c.Value));
    }

    [Fact]
    public void The_line_of_weeks_says_why_a_week_has_no_rate()
    {
        ReportWeek[] line =
        [
            new("2026-W44", 9, null, null, null),
            new("2026-W45", 100, 0.97, 0.91, 0.99),
            new("2026-W46", 100, 0.97, 0.91, 0.99),
            Protected.Front!.Weeks[^1],
        ];

        var svg = ReportCharts.Trend("c", Protected with { Front = Protected.Front with { Weeks = line } })!;

        Assert.Contains("44周9条，条数太少，不计算好评率", svg, StringComparison.Ordinal);
        Assert.Contains("47周43条，为保护评价人，不公布好评率", svg, StringComparison.Ordinal);
        Assert.Contains(">*<", svg, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_page_has_the_sign_and_explains_it()
    {
        await using var host = await TestHost.StartAsync();
        var pages = host.Part<ReportHtml>();

        var (hidden, few) = (
            FirstPage(await pages.RenderAsync(Protected)),
            FirstPage(await pages.RenderAsync(new RatedWeeks().Give(1, 9, 1).Compile()))
        );

        Assert.Matches(@"好评率</a></dt><dd>\s*\*", hidden);
        Assert.Contains("* 少于5条，或者为防止由此推算，不公布", hidden, StringComparison.Ordinal);
        Assert.Matches(@"好评率</a></dt><dd>\s*…", few);
        Assert.Contains("… 不足30条，不计算", few, StringComparison.Ordinal);
    }

    [Fact]
    public void Corrections_and_repeats_that_are_protected_are_neither_unknown_nor_too_few()
    {
        var weeks = new RatedWeeks().Give(1, 40, 3);
        var ids = Enumerable.Range(0, 40).Select(_ => Guid.CreateVersion7()).ToList();
        weeks.Entries = new(
            [.. ids.Select(id => new CorrectedRating(id, weeks.Group(1), Grade.Dissatisfied, Grade.Satisfied))],
            [],
            [.. ids.Select(id => new Repeat(id, weeks.Group(1), Grade.Satisfied, Standing.Counted))]
        );

        var report = weeks.Compile("main");

        Assert.Equal(
            (40, null, 40, null),
            (
                report.Quality.Corrections.N,
                report.Quality.Corrections.BadToGood,
                report.Quality.Repeats.N,
                report.Quality.Repeats.Good
            )
        );
        var workbook = new Xlsx(ReportWorkbook.Write(report, []));
        Assert.Equal("*", workbook.Row("数据质量", "其中：差评改好评")[1].Value);
        Assert.Equal("*", workbook.Row("数据质量", "其中：好评")[1].Value);
        var notes = QualityText.Rows(report).ToDictionary(r => r.Name, r => r.Note);
        Assert.Equal("为保护评价人，不列改动方向", notes["更正"]);
        // Three other ratings remain, and three are too few for a rate.
        Assert.Equal("计入统计；去掉以后不足30条，不另算好评率", notes["疑似重复"]);
        Assert.Equal("…", workbook.Row("数据质量", "剔除疑似重复后的好评率")[2].Value);
    }

    [Fact]
    public void Of_imports_nobody_knows_the_corrections_and_that_is_no_zero()
    {
        var workbook = new Xlsx(
            ReportWorkbook.Write(new RatedWeeks().Give(1, 97, 3, tier: Tier.Imported).Compile(), [])
        );

        Assert.Equal("–", workbook.Row("数据质量", "其中：差评改好评")[1].Value);
        Assert.Equal("–", workbook.Row("数据质量", "其中：好评")[1].Value);
    }

    [Fact]
    public void A_place_whose_rate_is_protected_is_not_called_too_rarely_rated()
    {
        var last = new RatedWeeks("2026-W46").Give(1, 490, 10).Give(2, 60, 40).Compile("main");

        // The grades of three ratings at window 1 would follow from the total less window 2.
        var promises = new RatedWeeks().Give(2, 97, 3).Give(1, 2, 1).Compile("main", last: last).Front!.Promises;

        Assert.Contains(promises, p => p.Text.Contains("2号窗口好评率没有公布，不能判断", StringComparison.Ordinal));
    }

    [Fact]
    public void A_letter_explains_the_sign_that_it_has()
    {
        Assert.Contains(LetterText.Figures(Protected), f => f == ("好评率", "*"));
        Assert.Equal("* 少于5条，或者为防止由此推算，不公布。都不表示零。", LetterText.Notes(Protected).First());
    }

    /// <summary>Returns the page up to its list of contents.</summary>
    private static string FirstPage(string page) => page[..page.IndexOf("本期内容</h2>", StringComparison.Ordinal)];
}
