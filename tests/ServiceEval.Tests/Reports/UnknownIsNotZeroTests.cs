using ServiceEval.Core.Ratings;
using ServiceEval.Tests.Reports.Renderings;
using ServiceEval.Web.Features.Reports.Pages;
using ServiceEval.Web.Features.Reports.Renderings;
using ServiceEval.Web.Features.Reports.Wording;

namespace ServiceEval.Tests.Reports;

/// <summary>An unknown figure is a sign, on the page and in the workbook, and never 0.</summary>
public sealed class UnknownIsNotZeroTests
{
    [Fact]
    public void Of_a_week_of_imports_nobody_knows_how_many_were_active()
    {
        var report = new RatedWeeks().Give(1, 97, 3, tier: Tier.Imported).Compile();

        Assert.Null(report.ActiveShare);
        Assert.Equal("本周共收到有效评价100条，都是从其他系统导入的。", report.Summary[0]);
        var quality = QualityText.Rows(report).ToDictionary(r => r.Name);
        Assert.Equal(("–", "–"), (quality["更正"].Amount, quality["疑似重复"].Amount));
        var workbook = new Xlsx(ReportWorkbook.Write(report, []));
        Assert.Equal(["–", "–"], workbook.Row("总体指标", "主动评价").Skip(1).Take(2).Select(c => c.Value));
        Assert.Equal("–", workbook.Row("数据质量", "疑似重复")[1].Value);
    }

    [Fact]
    public void The_active_share_is_of_what_was_not_imported()
    {
        var report = new RatedWeeks()
            .Give(1, 97, 3, tier: Tier.Imported)
            .Give(1, 30, 0)
            .Give(1, 10, 0, tier: Tier.Assisted)
            .Compile();

        Assert.Equal(0.75, report.ActiveShare);
        Assert.Equal(
            "本周共收到有效评价140条，其中从其他系统导入100条，其余40条中群众主动评价30条，占75.0%。",
            report.Summary[0]
        );
    }

    [Fact]
    public void Days_still_to_come_have_no_number()
    {
        // Wednesday noon.
        var running = new RatedWeeks().Give(1, 40, 2).Compile(version: 0);

        Assert.Equal([42, 0, 0, null, null, null, null], running.Days.Select(d => d.N));
        Assert.Equal([42, 0, 0, 0, 0, 0, 0], new RatedWeeks().Give(1, 40, 2).Compile().Days.Select(d => d.N));
        var days = new Xlsx(ReportWorkbook.Write(running, [])).Rows("各日");
        Assert.Equal(["42", "0", "0", "–", "–", "–", "–"], days.Skip(1).Select(r => r[2].Value));
    }

    [Fact]
    public void Working_days_without_a_rating_are_counted_in_days()
    {
        var weeks = new RatedWeeks();
        foreach (var day in (int[])[0, 1, 3, 4])
            weeks.Give(1, 97, 3, day: day);

        var row = QualityText.Rows(weeks.Compile()).Single(r => r.Name == "没有评价的工作日");

        Assert.Equal("1天", row.Amount);
        Assert.StartsWith("11月18日", row.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_protected_and_unknown_have_one_sign_each_that_the_table_explains()
    {
        var report = new RatedWeeks().Give(1, 97, 3).Give(2, 20, 1).Give(3, 3, 0).Compile("main");
        var view = new ReportView(report, []);

        var rows = report.Windows.Select(view.Row).ToList();

        Assert.Equal(["97.0", "…", "…", "–"], rows.Select(view.Rate));
        Assert.Equal(["97", "*", "*", "0"], rows.Select(r => Signs.Good(r.N, r.Good)));
        Assert.Equal(
            "* 少于5条，或者为防止由此推算，不公布；… 不足30条，不计算；– 没有数据，或者无从得知。都不表示零。",
            Signs.Explain(report, rows.SelectMany(view.Cells).ToHashSet())
        );
        Assert.Null(Signs.Explain(report, view.Cells(rows[0]).ToHashSet()));
    }

    [Fact]
    public void The_week_and_four_weeks_stand_in_columns_of_their_own()
    {
        var weeks = new RatedWeeks().Give(5, 18, 0);
        for (var ago = 1; ago <= 3; ago++)
            weeks.Give(5, 10, 1, ago);

        var report = weeks.Compile("town");
        var view = new ReportView(report, []);
        var row = view.Row(report.Windows[0]);

        Assert.Equal((18, 18, "…"), (row.N, row.Good, view.Rate(row)));
        Assert.Equal("94.1（84.1～98.0），51条", row.FourWeeksText);
    }
}
