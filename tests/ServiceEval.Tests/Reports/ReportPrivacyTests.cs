using CsCheck;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Reports.Compiling;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;

namespace ServiceEval.Tests.Reports;

public sealed class ReportPrivacyTests
{
    [Fact]
    public void A_window_with_fewer_ratings_than_a_cohort_shows_no_grades_and_the_total_does_not_give_them_away()
    {
        var windows = new RatedWeeks().Give(1, 40, 0).Give(2, 2, 1).Compile("main").Windows;

        Assert.Equal([(40, null), (3, null), (0, 0), (0, 0)], windows.Select(p => (p.N, p.Good)));
        Assert.Equal(
            [40, 4],
            new RatedWeeks().Give(1, 40, 0).Give(2, 4, 1).Compile("main").Windows.Take(2).Select(p => p.Good!.Value)
        );
    }

    [Fact]
    public void The_countys_report_shows_no_window_that_the_halls_hides()
    {
        var weeks = new RatedWeeks().Give(1, 40, 0).Give(2, 2, 1).Give(3, 30, 1).Give(5, 60, 2);

        Assert.Equal(
            weeks.Compile("main").Windows.Select(w => w.Good),
            weeks.Compile().Windows.Take(4).Select(w => w.Good)
        );
        Assert.Equal(62, weeks.Compile().Windows[4].N);
        Assert.Equal(60, weeks.Compile().Windows[4].Good);
    }

    [Fact]
    public void The_countys_windows_do_not_tell_what_its_halls_hide()
    {
        // The township's seven ratings are hidden together with the hall's three. If they were shown at its only
        // window, the three could be computed.
        var report = new RatedWeeks().Give(1, 1, 2).Give(5, 7, 0).Compile();

        Assert.All(report.Halls, hall => Assert.Null(hall.Good));
        Assert.All(report.Windows.Where(w => w.N > 0), window => Assert.Null(window.Good));
    }

    [Fact]
    public void What_a_single_week_hid_is_in_no_cell_of_four_weeks()
    {
        var weeks = new RatedWeeks().Give(1, 19, 1).Give(2, 95, 5).Give(3, 95, 5);
        for (var ago = 1; ago <= 4; ago++)
            weeks.Give(2, 95, 5, ago).Give(3, 95, 5, ago).Give(1, ago == 1 ? 2 : 19, 1, ago);

        var cells = weeks.Compile("main").Changes.FourWeeks!.ByWindow.Cells;

        Assert.DoesNotContain(cells, c => c.Name.StartsWith("1号", StringComparison.Ordinal));
        // Window 1 is hidden together with another window, so that the rest is not window 1 alone.
        Assert.Equal(2, cells.Count);
    }

    [Fact]
    public void Few_late_ratings_change_counts_and_no_grade_is_said_of_them()
    {
        var first = new RatedWeeks().Give(1, 40, 3).Compile();
        var second = new RatedWeeks().Give(1, 40, 3).Give(2, 0, 1).Compile(earlier: first);

        Assert.Equal(
            ["有效评价", "主动评价", "示例县政务服务中心2号综合窗口"],
            second
                .Difference!.Figures.Where(f => f.Unit == "条")
                .Select(f => f.Name)
                .Where(n => !n.EndsWith("中心", StringComparison.Ordinal))
        );
        Assert.DoesNotContain(second.Difference.Figures, f => f.Unit == "%");
    }

    [Fact]
    public void No_setting_shows_a_rate_below_a_cohort()
    {
        var report = new RatedWeeks().Give(1, 3, 0).Compile(minimumN: 1);

        Assert.Equal((null, null, 5), (report.Rate, report.Mean, report.MinimumN));
    }

    [Fact]
    public void The_active_rate_does_not_reveal_the_grades_of_a_few_other_ratings()
    {
        var weeks = new RatedWeeks().Give(1, 38, 2).Give(1, 2, 0, tier: Tier.Assisted);

        Assert.Equal((42, 40, null), (weeks.Compile().N, weeks.Compile().ActiveN, weeks.Compile().ActiveRate));
        Assert.NotNull(weeks.Give(1, 3, 0, tier: Tier.Assisted).Compile().ActiveRate);
    }

    [Fact]
    public void A_department_does_not_reveal_the_grades_of_its_one_hidden_window()
    {
        // Windows 3 and 4 belong to one department. 73 less 70 would be the grades of three people.
        var report = new RatedWeeks().Give(1, 40, 0).Give(2, 6, 1).Give(3, 70, 0).Give(4, 2, 1).Compile("main");

        Assert.Equal([40, null, 70, null], report.Windows.Select(w => w.Good));
        Assert.All(report.Departments, d => Assert.Null(d.Good));
    }

    [Fact]
    public void Tags_days_corrections_and_repeats_below_a_cohort_are_not_told()
    {
        var weeks = new RatedWeeks().Give(1, 40, 3).Give(1, 3, 1, day: 1).Tag(1, "214", 4);
        weeks.Entries = new(
            [.. Enumerable.Range(0, 4).Select(_ => weeks.Correct(1, Grade.Dissatisfied, Grade.Satisfied))],
            [new BadComment(1, Guid.CreateVersion7(), Grade.Dissatisfied, new byte[32], DateTimeOffset.UnixEpoch)],
            [weeks.Repeat(1, Grade.Satisfied)]
        );
        weeks.Entries = weeks.Entries with
        {
            Comments =
            [
                weeks.Entries.Comments[0] with
                {
                    GivenAt = new DateTimeOffset(2026, 11, 18, 2, 0, 0, TimeSpan.Zero),
                },
            ],
        };

        var report = weeks.Compile();

        Assert.Empty(report.Tags);
        Assert.All(report.Days.Take(2), d => Assert.Null(d.Good));
        Assert.Equal((4, null), (report.Quality.Corrections.N, report.Quality.Corrections.BadToGood));
        Assert.Equal(
            (1, null, null),
            (report.Quality.Repeats.N, report.Quality.Repeats.Good, report.Quality.Repeats.RateWithout)
        );
        // There are four bad ratings. A reader would know that a quote comes from one of four people.
        Assert.Empty(report.Quotes);
        Assert.Single(weeks.Give(1, 0, 1).Compile().Quotes);
    }

    [Fact]
    public void The_contributions_of_small_windows_are_combined()
    {
        var report = new RatedWeeks()
            .Give(1, 400, 10)
            .Give(2, 2, 2)
            .Give(3, 50, 5)
            .Give(1, 400, 30, weeksAgo: 1)
            .Give(2, 30, 2, weeksAgo: 1)
            .Give(3, 50, 3, weeksAgo: 1)
            .Compile("main");

        var cells = report.Changes.LastWeek!.ByWindow.Cells;
        Assert.Equal(["1号综合窗口", "不单列的合计"], cells.Select(c => c.Name).Order());
        Assert.Equal(59, cells.Single(c => c.Name == "不单列的合计").NNow);
    }

    [Fact]
    public void A_scope_below_a_cohort_has_a_summary_that_names_no_grade()
    {
        var report = new RatedWeeks().Give(5, 1, 2).Compile("town");

        Assert.Contains("评价少于5条，为保护评价人，不公布等级。", report.Summary);
        Assert.DoesNotContain(
            report.Summary.Concat(report.Problems.Select(p => p.Text)),
            s => s.Contains("差评", StringComparison.Ordinal) || s.Contains("满意", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void The_hidden_ratings_of_a_table_are_none_or_at_least_a_cohort() =>
        Gen.Int[0, 12]
            .Array[0, 12]
            .Sample(totals =>
            {
                var hidden = Suppression.Hidden(totals, 5);
                var sum = hidden.Sum(i => totals[i]);
                Assert.All(totals.Index().Where(t => t.Item is > 0 and < 5), t => Assert.Contains(t.Index, hidden));
                Assert.True(
                    sum == 0 || sum >= 5 || hidden.Count == totals.Count(t => t > 0),
                    $"{sum} hidden of {string.Join(',', totals)}"
                );
            });
}
