using ServiceEval.Web.Features.Reports;

namespace ServiceEval.Tests.Reports;

public sealed class ComparisonTests
{
    [Fact]
    public void A_fall_beyond_noise_is_said_with_what_moved_it()
    {
        var report = new RatedWeeks().Give(1, 450, 50).Give(2, 400, 4).Give(1, 490, 10, weeksAgo: 1).Give(2, 400, 4, weeksAgo: 1).Compile("main");

        var last = report.Changes.LastWeek!;
        Assert.Equal(850 / 904.0 - 890 / 904.0, last.Difference, 10);
        Assert.True(last.BeyondNoise);
        Assert.InRange(0.0, last.High, 1);
        Assert.Equal(last.Difference, last.ByWindow.Mix + last.ByWindow.Rate, 10);
        Assert.Equal(0, last.ByWindow.Mix, 10);
        Assert.Equal("1号综合窗口", last.ByWindow.Cells[0].Name);
        Assert.Contains("与上周相比，好评率下降4.4个百分点，超出偶然波动，主要因为窗口得到的评价本身变了。", report.Summary);
        Assert.Contains("影响最大的是1号综合窗口，拉低4.4个百分点。", report.Summary);
        Assert.Contains(report.Problems, p => p is { Definition: "comparison" } && p.Text.StartsWith("好评率比上周下降4.4个百分点", StringComparison.Ordinal));
    }

    [Fact]
    public void A_change_of_mix_alone_is_called_so()
    {
        var report = new RatedWeeks().Give(1, 190, 10).Give(2, 640, 160).Give(1, 760, 40, weeksAgo: 1).Give(2, 160, 40, weeksAgo: 1).Compile("main");

        var split = report.Changes.LastWeek!.ByWindow;
        Assert.Equal(0, split.Rate, 10);
        Assert.Equal(-0.09, split.Mix, 10);
        Assert.Contains(report.Summary, s => s.Contains("主要因为各窗口评价数量的占比变了", StringComparison.Ordinal));
    }

    [Fact]
    public void Within_noise_nothing_is_made_of_a_difference()
    {
        var report = new RatedWeeks().Give(1, 97, 3).Give(1, 98, 2, weeksAgo: 1).Compile();

        Assert.False(report.Changes.LastWeek!.BeyondNoise);
        Assert.Contains("与上周相比，好评率的变化没有超出偶然波动。", report.Summary);
        Assert.DoesNotContain(report.Problems, p => p.Definition == "comparison" && p.Text.Contains("下降", StringComparison.Ordinal));
    }

    [Fact]
    public void The_four_weeks_before_are_taken_together()
    {
        var report = new RatedWeeks().Give(1, 97, 3).Give(1, 20, 0, weeksAgo: 1).Give(1, 30, 1, weeksAgo: 2).Give(1, 9, 0, weeksAgo: 3).Give(1, 40, 1, weeksAgo: 4).Give(1, 500, 0, weeksAgo: 5).Compile();

        Assert.Null(report.Changes.LastWeek);
        Assert.Equal("上周有效评价不足30条，不作比较。", report.Changes.WhyNotLastWeek);
        Assert.Equal(["2026-W43", "2026-W44", "2026-W45", "2026-W46"], report.Changes.FourWeeks!.Weeks);
        Assert.Equal(101, report.Changes.FourWeeks.N);
    }

    [Fact]
    public void The_first_issue_and_one_that_is_not_over_compare_nothing()
    {
        var first = new RatedWeeks { HasEarlier = false }.Give(1, 97, 3).Compile();
        Assert.Equal(new ReportChanges(null, "这是第一期周报，没有可比的以前各周。", null, "这是第一期周报，没有可比的以前各周。"), first.Changes);
        Assert.Contains("这是第一期周报，没有可比的以前各周。", first.Summary);

        Assert.Equal("本周尚未结束，暂不比较。", new RatedWeeks().Give(1, 97, 3).Give(1, 97, 3, weeksAgo: 1).Compile(version: 0).Changes.WhyNotLastWeek);
        Assert.Equal("上周没有有效评价，无从比较。", new RatedWeeks().Give(1, 97, 3).Compile().Changes.WhyNotLastWeek);
    }

    [Fact]
    public void A_holiday_week_is_compared_with_nothing_and_says_why()
    {
        // 2026-W40 runs from 28 September to 4 October.
        var report = new RatedWeeks("2026-W40").Give(1, 97, 3).Give(1, 97, 3, weeksAgo: 1).Compile();

        Assert.Null(report.Changes.LastWeek);
        Assert.Equal("本周因国庆节放假2天，与平常周不可比，不作比较。", report.Changes.WhyNotLastWeek);
        Assert.Equal(["10月1日（国庆节）", "10月2日（国庆节）"], report.Calendar.Off);
        Assert.Equal(3, report.Calendar.WorkingDays);
    }

    [Fact]
    public void After_a_holiday_the_ordinary_ones_of_the_four_weeks_remain()
    {
        // 2026-W42 follows the rest of the National Day holiday (W41, with a Saturday worked), W40 began it, W39 had Mid-Autumn and a Sunday worked before.
        var report = new RatedWeeks("2026-W42").Give(1, 97, 3).Give(1, 97, 3, weeksAgo: 1).Give(1, 97, 3, weeksAgo: 2).Give(1, 97, 3, weeksAgo: 3).Give(1, 60, 3, weeksAgo: 4).Compile();

        Assert.Equal("上周因国庆节放假3天，因调休周末上班1天，与本周不可比，不作比较。", report.Changes.WhyNotLastWeek);
        Assert.Null(report.Changes.FourWeeks);
        Assert.Equal("前四周没有可比的平常周，不作比较。", report.Changes.WhyNotFourWeeks);

        var later = new RatedWeeks("2026-W43").Give(1, 97, 3).Give(1, 97, 3, weeksAgo: 1).Give(1, 97, 3, weeksAgo: 2).Compile();
        Assert.Equal(["2026-W42"], later.Changes.FourWeeks!.Weeks);
    }

    [Fact]
    public void A_year_without_a_calendar_is_said_to_be_unknown_and_still_compared()
    {
        var report = new RatedWeeks("2031-W20").Give(1, 97, 3).Give(1, 97, 3, weeksAgo: 1).Compile();

        Assert.Null(report.Calendar.WorkingDays);
        Assert.NotNull(report.Changes.LastWeek);
        Assert.Contains(report.Problems, p => p.Text == "没有2031年的放假安排数据，比较时没有排除放假和调休。");
        // Its last days are of a year that the calendar lacks.
        Assert.Equal([2027], new RatedWeeks("2026-W53").Give(1, 97, 3).Compile().Calendar.UnknownYears);
    }

    [Fact]
    public void A_tag_that_moved_is_marked_and_named_among_the_problems()
    {
        var report = new RatedWeeks().Give(1, 400, 100).Tag(1, "214", 60).Tag(1, "213", 11).Give(1, 450, 50, weeksAgo: 1).Tag(1, "214", 12, weeksAgo: 1).Tag(1, "213", 10, weeksAgo: 1).Compile();

        var moved = report.Tags.Single(t => t.Code == "214");
        Assert.Equal((60, 0.12, 0.024, true), (moved.N, moved.Share, moved.Before, moved.Rose));
        Assert.Null(report.Tags.Single(t => t.Code == "213").Rose);
        Assert.Contains(report.Problems, p => p.Text == "差评标签“服务态度生硬”比前期明显增多。");
        Assert.Contains("差评中提到最多的是“服务态度生硬”，共60条。", report.Summary);
    }

    [Fact]
    public void A_tag_that_was_given_too_seldom_to_be_shown_before_is_marked_all_the_same()
    {
        var report = new RatedWeeks().Give(1, 400, 100).Tag(1, "214", 40).Give(1, 450, 50, weeksAgo: 1).Tag(1, "214", 2, weeksAgo: 1).Compile();

        Assert.Equal((null, true), (Assert.Single(report.Tags).Before, Assert.Single(report.Tags).Rose));
        Assert.Contains(report.Problems, p => p.Text == "差评标签“服务态度生硬”比前期明显增多。");
    }

    [Fact]
    public void Windows_that_can_be_told_apart_stand_in_different_bands_in_the_order_of_their_numbers()
    {
        var report = new RatedWeeks().Give(1, 98, 2).Give(2, 70, 30).Give(3, 97, 3).Give(4, 10, 0).Compile("main");

        Assert.Equal([1, 2, 1, null], report.Windows.Select(w => w.Band));
        Assert.Equal([(2, 200), (1, 100)], report.Bands.Select(b => (b.Windows, b.N)));
        Assert.Contains(report.Problems, p => p.Text == "有1个窗口处在最低一档，合计好评率70.0%：2号综合窗口。");
    }
}
