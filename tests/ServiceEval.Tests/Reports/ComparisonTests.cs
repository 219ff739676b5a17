using System.Globalization;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Wording;

namespace ServiceEval.Tests.Reports;

public sealed class ComparisonTests
{
    [Fact]
    public void A_fall_beyond_noise_is_said_with_what_moved_it()
    {
        var report = new RatedWeeks()
            .Give(1, 450, 50)
            .Give(2, 400, 4)
            .Give(1, 490, 10, weeksAgo: 1)
            .Give(2, 400, 4, weeksAgo: 1)
            .Compile("main");

        var last = report.Changes.LastWeek!;
        Assert.Equal(850 / 904.0 - 890 / 904.0, last.Difference, 10);
        Assert.True(last.BeyondNoise);
        Assert.InRange(0.0, last.High, 1);
        Assert.Equal(last.Difference, last.ByWindow.Mix + last.ByWindow.Rate, 10);
        Assert.Equal(0, last.ByWindow.Mix, 10);
        Assert.Equal("1号综合窗口", last.ByWindow.Cells[0].Name);
        Assert.Contains(
            "与上周相比，好评率下降4.4个百分点，超出正常波动，主要是各窗口自身的好评率变了，不是评价量的构成变了。",
            report.Summary
        );
        Assert.Contains("在这4.4个百分点中，1号综合窗口占4.4个百分点。", report.Summary);
        Assert.Contains(
            report.Problems,
            p =>
                p is { Definition: "comparison" }
                && p.Text.StartsWith("好评率比上周下降4.4个百分点", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_change_of_mix_alone_is_called_so()
    {
        var report = new RatedWeeks()
            .Give(1, 190, 10)
            .Give(2, 640, 160)
            .Give(1, 760, 40, weeksAgo: 1)
            .Give(2, 160, 40, weeksAgo: 1)
            .Compile("main");

        var split = report.Changes.LastWeek!.ByWindow;
        Assert.Equal(0, split.Rate, 10);
        Assert.Equal(-0.09, split.Mix, 10);
        Assert.Contains(
            report.Summary,
            s => s.Contains("主要是评价量的构成变了，各窗口自身的好评率变化不大", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_difference_within_noise_is_not_reported_as_a_change()
    {
        var report = new RatedWeeks().Give(1, 97, 3).Give(1, 98, 2, weeksAgo: 1).Compile();

        Assert.False(report.Changes.LastWeek!.BeyondNoise);
        Assert.Contains("好评率与上周基本持平，变化属正常波动。", report.Summary);
        Assert.DoesNotContain(
            report.Problems,
            p => p.Definition == "comparison" && p.Text.Contains("下降", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void The_four_weeks_before_are_taken_together()
    {
        var report = new RatedWeeks()
            .Give(1, 97, 3)
            .Give(1, 20, 0, weeksAgo: 1)
            .Give(1, 30, 1, weeksAgo: 2)
            .Give(1, 9, 0, weeksAgo: 3)
            .Give(1, 40, 1, weeksAgo: 4)
            .Give(1, 500, 0, weeksAgo: 5)
            .Compile();

        Assert.Null(report.Changes.LastWeek);
        Assert.Equal("上周有效评价不足30条，不作比较。", report.Changes.WhyNotLastWeek);
        Assert.Equal(["2026-W43", "2026-W44", "2026-W45", "2026-W46"], report.Changes.FourWeeks!.Weeks);
        Assert.Equal(101, report.Changes.FourWeeks.N);
    }

    [Fact]
    public void The_first_issue_and_one_that_is_not_over_compare_nothing()
    {
        var first = new RatedWeeks { HasEarlier = false }
            .Give(1, 97, 3)
            .Compile();
        Assert.Equal(
            new ReportChanges(
                null,
                "这是第一期周报，没有可比的以前各周。",
                null,
                "这是第一期周报，没有可比的以前各周。"
            ),
            first.Changes
        );
        Assert.Contains("这是第一期周报，没有可比的以前各周。", first.Summary);

        Assert.Equal(
            "本周尚未结束，暂不比较。",
            new RatedWeeks().Give(1, 97, 3).Give(1, 97, 3, weeksAgo: 1).Compile(version: 0).Changes.WhyNotLastWeek
        );
        Assert.Equal("上周没有有效评价，无从比较。", new RatedWeeks().Give(1, 97, 3).Compile().Changes.WhyNotLastWeek);
    }

    [Fact]
    public void A_holiday_week_is_compared_with_nothing_and_says_why()
    {
        // 2026-W40 runs from 28 September to 4 October.
        var report = new RatedWeeks("2026-W40").Give(1, 97, 3).Give(1, 97, 3, weeksAgo: 1).Compile();

        Assert.Null(report.Changes.LastWeek);
        Assert.Equal("本周国庆节放假2天，与平常周不可比，不作比较。", report.Changes.WhyNotLastWeek);
        Assert.Equal(["10月1日（国庆节）", "10月2日（国庆节）"], report.Calendar.Off);
        Assert.Equal(3, report.Calendar.WorkingDays);
    }

    [Fact]
    public void After_a_holiday_the_ordinary_ones_of_the_four_weeks_remain()
    {
        // The week before 2026-W42 is the rest of the National Day holiday with a working Saturday (W41). W40 is the
        // beginning of the holiday. W39 has Mid-Autumn and follows a working Sunday.
        var report = new RatedWeeks("2026-W42")
            .Give(1, 97, 3)
            .Give(1, 97, 3, weeksAgo: 1)
            .Give(1, 97, 3, weeksAgo: 2)
            .Give(1, 97, 3, weeksAgo: 3)
            .Give(1, 60, 3, weeksAgo: 4)
            .Compile();

        Assert.Equal("上周国庆节放假3天、周末调休上班1天，与本周不可比，不作比较。", report.Changes.WhyNotLastWeek);
        Assert.Null(report.Changes.FourWeeks);
        Assert.Equal("前四周没有可比的平常周，不作比较。", report.Changes.WhyNotFourWeeks);

        var later = new RatedWeeks("2026-W43")
            .Give(1, 97, 3)
            .Give(1, 97, 3, weeksAgo: 1)
            .Give(1, 97, 3, weeksAgo: 2)
            .Compile();
        Assert.Equal(["2026-W42"], later.Changes.FourWeeks!.Weeks);
    }

    [Fact]
    public void A_year_without_a_calendar_is_said_to_be_unknown_and_still_compared()
    {
        var report = new RatedWeeks("2031-W20").Give(1, 97, 3).Give(1, 97, 3, weeksAgo: 1).Compile();

        Assert.Null(report.Calendar.WorkingDays);
        Assert.NotNull(report.Changes.LastWeek);
        Assert.Contains(report.Problems, p => p.Text == "没有2031年的放假安排数据，比较时没有排除放假和调休。");
        // The last days of this week belong to a year that the calendar lacks.
        Assert.Equal([2027], new RatedWeeks("2026-W53").Give(1, 97, 3).Compile().Calendar.UnknownYears);
    }

    [Fact]
    public void A_tag_that_moved_is_marked_and_named_among_the_problems()
    {
        var report = new RatedWeeks()
            .Give(1, 400, 100)
            .Tag(1, "214", 60)
            .Tag(1, "213", 11)
            .Give(1, 450, 50, weeksAgo: 1)
            .Tag(1, "214", 12, weeksAgo: 1)
            .Tag(1, "213", 10, weeksAgo: 1)
            .Compile();

        var moved = report.Tags.Single(t => t.Code == "214");
        Assert.Equal((60, 0.12, 0.024, true), (moved.N, moved.Share, moved.Before, moved.Rose));
        Assert.Null(report.Tags.Single(t => t.Code == "213").Rose);
        Assert.Contains(report.Problems, p => p.Text == "差评标签“服务态度生硬”比前期明显增多。");
        Assert.Contains("差评中提到最多的是“服务态度生硬”，共60条。", report.Summary);
    }

    [Fact]
    public void A_tag_that_was_given_too_seldom_to_be_shown_before_is_marked_all_the_same()
    {
        var report = new RatedWeeks()
            .Give(1, 400, 100)
            .Tag(1, "214", 40)
            .Give(1, 450, 50, weeksAgo: 1)
            .Tag(1, "214", 2, weeksAgo: 1)
            .Compile();

        Assert.Equal((null, true), (Assert.Single(report.Tags).Before, Assert.Single(report.Tags).Rose));
        Assert.Contains(report.Problems, p => p.Text == "差评标签“服务态度生硬”比前期明显增多。");
    }

    /// <summary>All windows of the hall fall. No single window is the cause, so the report names the hall.</summary>
    [Fact]
    public void What_falls_everywhere_in_a_hall_is_not_put_down_to_one_window()
    {
        var weeks = new RatedWeeks().Give(5, 95, 5).Give(5, 95, 5, weeksAgo: 1);
        for (var window = 1; window <= 4; window++)
            weeks.Give(window, 60, 40).Give(window, 95, 5, weeksAgo: 1);

        var report = weeks.Compile();

        Assert.Equal("在这28.0个百分点中，示例县政务服务中心占28.0个百分点。", report.Summary[3]);
        Assert.Contains("先从示例县政务服务中心查起", report.Suggestions[0].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("号", report.Suggestions[0].Text, StringComparison.Ordinal);
        Assert.Equal("涉及的窗口较多，没有哪个窗口占到其中的三分之一。", weeks.Compile("main").Summary[3]);
    }

    [Fact]
    public void A_window_that_is_worse_by_chance_alone_is_no_problem()
    {
        // 97, 95 and 90 good ratings of 100 differ no more than chance explains, although the windows may be in
        // different bands.
        var report = new RatedWeeks().Give(1, 97, 3).Give(2, 95, 5).Give(3, 90, 10).Compile("main");

        Assert.NotEmpty(report.Bands);
        Assert.DoesNotContain(report.Problems, p => p.Definition == "low");
    }

    [Fact]
    public void A_working_day_without_a_rating_in_a_busy_week_is_told()
    {
        var weeks = new RatedWeeks();
        foreach (var day in (int[])[0, 1, 3, 4])
            weeks.Give(1, 97, 3, day: day);

        var report = weeks.Compile();

        Assert.Equal([new DateOnly(2026, 11, 18)], report.Quality.SilentDays);
        Assert.EndsWith("；11月18日是工作日，没有收到一条评价。", report.Summary[^1], StringComparison.Ordinal);
        Assert.Contains(report.Problems, p => p.Text == "11月18日（周三）是工作日，却没有收到一条评价。");
        Assert.Empty(weeks.Compile(version: 0).Quality.SilentDays);
    }

    [Theory]
    [InlineData("0 2 3", "11月16日、11月18日、11月19日")]
    [InlineData("0 1 2 3", "11月16日至19日")]
    [InlineData("0 1 2 4", "11月16日至18日、11月20日")]
    [InlineData("12 13 14 15", "11月28日至12月1日")]
    public void Three_days_in_a_row_and_more_are_said_as_one_stretch(string days, string said) =>
        Assert.Equal(
            said,
            ReportText.Days([
                .. days.Split(' ')
                    .Select(d => new DateOnly(2026, 11, 16).AddDays(int.Parse(d, CultureInfo.InvariantCulture))),
            ])
        );

    [Fact]
    public void A_stretch_of_silent_days_keeps_its_weekdays()
    {
        var weeks = new RatedWeeks();
        foreach (var day in (int[])[0, 1])
            weeks.Give(1, 197, 3, day: day);

        Assert.Contains(
            weeks.Compile().Problems,
            p => p.Text == "11月18日（周三）至20日（周五）是工作日，却没有收到一条评价。"
        );
    }

    [Fact]
    public void A_scope_with_too_few_ratings_says_its_last_four_weeks_together()
    {
        var weeks = new RatedWeeks().Give(5, 6, 1);
        for (var ago = 1; ago <= 3; ago++)
            weeks.Give(5, 10, 1, ago);

        var report = weeks.Compile("town");

        Assert.Equal((null, 40), (report.Rate, report.FourWeeks!.N));
        Assert.Contains("近四周合计40条，好评率90.0%", report.Summary[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_that_can_be_told_apart_stand_in_different_bands_in_the_order_of_their_numbers()
    {
        var report = new RatedWeeks().Give(1, 98, 2).Give(2, 70, 30).Give(3, 97, 3).Give(4, 10, 0).Compile("main");

        Assert.Equal([1, 2, 1, null], report.Windows.Select(w => w.Band));
        Assert.Equal([(2, 200), (1, 100)], report.Bands.Select(b => (b.Windows, b.N)));
        Assert.Contains(
            report.Problems,
            p => p.Text == "1个窗口的好评率明显低于本大厅其余窗口：2号窗口70.0%（60.4～78.1，100条）。"
        );
    }
}
