using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Compiling;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Pages;
using ServiceEval.Web.Features.Reports.Wording;

namespace ServiceEval.Tests.Reports;

/// <summary>
/// 亮点, 问题, 措施: tests what the first page of a report says, about which place, and with which deadline.
/// </summary>
public sealed class FirstPageTests
{
    [Fact]
    public void What_stands_out_is_found_at_every_level_with_figures_an_office_and_a_date()
    {
        var front = new RatedWeeks()
            .Give(1, 490, 10)
            .Name(1, 2, 490, 10)
            .Give(3, 60, 40)
            .Name(3, 1, 60, 40)
            .Give(5, 95, 5)
            .Compile()
            .Front!;

        Assert.Equal(
            [(FindingLevel.Department, "D1"), (FindingLevel.Window, "main/3"), (FindingLevel.Item, "I1")],
            front.Problems.Where(p => p.Kind == Finds.Low).Select(p => (p.Level, Assert.Single(p.Subjects).Code))
        );
        var window = front.Problems.Single(p => p is { Kind: Finds.Low, Level: FindingLevel.Window });
        Assert.Equal(
            "1个窗口的好评率明显低于全县其余窗口：示例县政务服务中心3号窗口60.0%（50.2～69.1，100条）。",
            window.Text
        );
        // Monday the 23rd is not counted.
        Assert.Equal(
            (new DateOnly(2026, 11, 27), "示例县人社局"),
            (window.Measure!.By, Assert.Single(window.Measure.Who))
        );
        Assert.Contains(
            front.Highlights,
            h => h is { Kind: Finds.High, Level: FindingLevel.Window } && h.Subjects.Any(s => s.Code == "main/1")
        );
    }

    [Fact]
    public void A_hall_that_is_worse_answers_itself_and_its_commonest_reason_is_said()
    {
        var report = new RatedWeeks()
            .Give(1, 970, 30)
            .Tag(1, "214", 20)
            .Give(5, 80, 20)
            .Tag(5, "213", 12)
            .Tag(5, "214", 3)
            .Compile();

        var hall = report.Front!.Problems.Single(p => p.Level == FindingLevel.Hall);
        Assert.Equal(("town", "窗口人员业务不熟练"), (hall.Subjects[0].Code, hall.Subjects[0].Reason));
        Assert.Contains("差评多因“窗口人员业务不熟练”", hall.Text, StringComparison.Ordinal);
        Assert.Equal(["示例镇便民服务中心"], hall.Measure!.Who);
        Assert.Contains(
            report.Suggestions,
            s => s.Text.StartsWith("示例镇便民服务中心11月27日（周五）前：", StringComparison.Ordinal)
        );
    }

    /// <summary>
    /// Three ratings with a tag at one place, or all but three elsewhere, would reveal the grades of single citizens.
    /// </summary>
    [Fact]
    public void A_reason_of_fewer_than_a_cohort_is_not_said()
    {
        var few = new RatedWeeks().Give(1, 970, 30).Give(5, 80, 20).Tag(5, "213", 4).Compile();
        var elsewhere = new RatedWeeks().Give(1, 970, 30).Tag(1, "213", 3).Give(5, 80, 20).Tag(5, "213", 12).Compile();

        foreach (var report in (WeeklyReport[])[few, elsewhere])
            Assert.Null(report.Front!.Problems.Single(p => p.Level == FindingLevel.Hall).Subjects[0].Reason);
    }

    [Fact]
    public void A_place_wholly_below_the_line_is_mentioned_though_it_may_be_chance()
    {
        // The interval for 84 of 94 ends at 94.1%, below the hall's 94.5%. Among three windows this may be chance.
        var report = new RatedWeeks().Give(1, 470, 30).Give(2, 480, 20).Give(3, 84, 10).Compile("main");

        var window = report.Windows[2];
        Assert.True(window.High < report.Rate);
        var noticed = report
            .Front!.Problems.Where(p => p.Kind is Finds.Low or Finds.BelowLine)
            .SelectMany(p => p.Subjects);
        Assert.Contains(noticed, s => s.Code == "main/3");
    }

    [Fact]
    public void In_a_quiet_week_the_first_page_reports_no_differences()
    {
        var report = new RatedWeeks()
            .Give(1, 97, 3)
            .Give(2, 98, 2)
            .Give(1, 97, 3, weeksAgo: 1)
            .Give(2, 97, 3, weeksAgo: 1)
            .Compile();

        Assert.Empty(report.Front!.Highlights);
        Assert.DoesNotContain(report.Front.Problems, p => p.Level != FindingLevel.Data);
        Assert.Contains("好评率与上周基本持平，变化属正常波动。", report.Summary);
    }

    [Theory]
    // After Monday 28 September 2026 there are two working days, the holiday, and three working days of which one is a
    // Saturday.
    [InlineData("2026-W39", "2026-10-09")]
    [InlineData("2031-W20", null)]
    public void A_deadline_follows_the_calendar_and_is_not_guessed(string week, string? by)
    {
        var measure = new RatedWeeks(week)
            .Give(1, 490, 10)
            .Give(2, 60, 40)
            .Compile()
            .Front!.Problems.First(p => p.Kind == Finds.Low)
            .Measure!;

        Assert.Equal(
            by is null ? null : DateOnly.Parse(by, System.Globalization.CultureInfo.InvariantCulture),
            measure.By
        );
        Assert.Equal(by is null ? "4个工作日内" : "10月9日（周五）", MeasureText.By(measure));
    }

    [Fact]
    public void The_measures_of_last_week_are_judged_by_the_figures_of_this_week()
    {
        var last = new RatedWeeks("2026-W46")
            .Give(1, 490, 10)
            .Give(2, 60, 40)
            .Give(4, 50, 50)
            .Give(3, 97, 3)
            .Give(5, 100, 0)
            .Compile("main");

        var promise = Low(
            new RatedWeeks().Give(1, 490, 10).Give(2, 97, 3).Give(4, 55, 45).Give(3, 97, 3).Compile("main", last: last)
        );

        Assert.Equal((PromiseOutcome.Partly, new DateOnly(2026, 11, 20)), (promise.Outcome, promise.By));
        Assert.Contains("2号窗口60.0%→97.0%（91.5～99.0，100条），不再偏低", promise.Text, StringComparison.Ordinal);
        Assert.Contains("4号窗口50.0%→55.0%（45.2～64.4，100条），仍明显偏低", promise.Text, StringComparison.Ordinal);
        Assert.Equal(
            PromiseOutcome.Unknown,
            Low(new RatedWeeks().Give(1, 490, 10).Give(2, 9, 0).Compile("main", last: last)).Outcome
        );
    }

    [Fact]
    public void A_place_that_fell_with_all_others_is_not_called_better()
    {
        var last = new RatedWeeks("2026-W46").Give(1, 490, 10).Give(2, 60, 40).Compile("main");

        var promise = Low(new RatedWeeks().Give(1, 250, 250).Give(2, 50, 50).Compile("main", last: last));

        Assert.Equal(PromiseOutcome.Open, promise.Outcome);
        Assert.Contains("没有上升", promise.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_report_of_last_week_or_with_an_older_one_it_says_why_nothing_is_judged()
    {
        var weeks = new RatedWeeks().Give(1, 97, 3);

        Assert.Equal("上周没有编制周报，没有可对照的措施。", weeks.Compile().Front!.WhyNoPromises);
        Assert.StartsWith(
            "上期周报由以前的程序编制",
            weeks.Compile(last: new RatedWeeks("2026-W46").Compile() with { Front = null }).Front!.WhyNoPromises,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_trend_line_has_twelve_weeks_gaps_without_a_rate_and_begins_with_the_first_rating()
    {
        var weeks = new RatedWeeks();
        for (var ago = 0; ago < 20; ago++)
            weeks.Give(1, ago == 2 ? 9 : 97, ago == 2 ? 1 : 3, weeksAgo: ago);

        var line = weeks.Compile().Front!.Weeks;
        Assert.Equal((12, "2026-W36", "2026-W47"), (line.Count, line[0].Week, line[^1].Week));
        Assert.Equal((10, null), (line[^3].N, line[^3].Rate));
        Assert.All(line.Where(w => w.Week != "2026-W45"), w => Assert.Equal((100, 0.97), (w.N, w.Rate)));
        Assert.Equal(2, new RatedWeeks().Give(1, 97, 3).Give(1, 97, 3, weeksAgo: 1).Compile().Front!.Weeks.Count);
    }

    [Theory]
    [InlineData(7, "1、2、3、4、5、6、7")]
    [InlineData(8, "1、2、3、4、5、6，另外2个见各表标记")]
    public void A_list_never_hides_its_last_one_alone(int names, string said) =>
        Assert.Equal(said, FindingText.List([.. Enumerable.Range(1, names).Select(i => $"{i}")], "各表标记"));

    [Fact]
    public void The_countys_own_hall_comes_before_the_townships_whatever_the_order_of_the_directory()
    {
        Assert.Equal(["main", "town"], ReportScope.Root(RatedWeeks.Directory).Halls.Select(h => h.Code));
        Assert.Equal(["main", "town"], ReportScope.Root(RatedWeeks.Backwards).Halls.Select(h => h.Code));
    }

    [Fact]
    public void A_hall_has_one_name_in_all_parts_of_a_report()
    {
        var report = new RatedWeeks()
            .Give(1, 450, 50)
            .Give(1, 490, 10, weeksAgo: 1)
            .Give(5, 90, 10)
            .Give(5, 99, 1, weeksAgo: 1)
            .Compile();

        var view = new ReportView(report, []);
        Assert.Equal("示例县政务服务中心", view.ShortName(report.Halls[0].Name));
        Assert.All(
            report.Changes.LastWeek!.ByHall!.Cells,
            c => Assert.Contains(c.Name, report.Halls.Select(h => view.ShortName(h.Name)))
        );
        Assert.DoesNotContain("县大厅", report.Freeze().Json, StringComparison.Ordinal);
    }

    private static ReportPromise Low(WeeklyReport report) =>
        report.Front!.Promises.Single(p => p.Problem.Contains("窗口的好评率明显低于", StringComparison.Ordinal));
}
