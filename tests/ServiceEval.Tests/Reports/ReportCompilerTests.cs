using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Compiling;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;
using ServiceEval.Web.Features.Reports.Pages;
using ServiceEval.Web.Features.Reports.Wording;

namespace ServiceEval.Tests.Reports;

public sealed class ReportCompilerTests
{
    [Fact]
    public void The_title_names_scope_issue_and_days()
    {
        Assert.Equal("示例县政务服务“好差评”周报 第47期（11月16日—22日）", new RatedWeeks().Compile().Title);
        Assert.Equal(
            "示例县政务服务中心“好差评”周报 第49期（11月30日—12月6日）",
            new RatedWeeks("2026-W49").Compile("main").Title
        );
        Assert.Equal(
            "示例县政务服务“好差评”周报 第53期（12月28日—1月3日）",
            new RatedWeeks("2026-W53").Compile().Title
        );
    }

    [Fact]
    public void Imported_ratings_count_and_stand_apart_and_imputed_or_unverified_ones_do_not_count()
    {
        var report = new RatedWeeks()
            .Give(1, 4, 0)
            .Give(1, 6, 1, tier: Tier.Imported)
            .Give(1, 50, 0, tier: Tier.Imputed)
            .Give(2, 50, 0, standing: Standing.Quarantined)
            .Give(2, 50, 0, standing: Standing.Voided)
            .Compile();

        Assert.Equal((11, 10, 4), (report.N, report.Good, report.ActiveN));
        Assert.Equal([new ReportTier(Tier.Printed, 4), new ReportTier(Tier.Imported, 7)], report.Tiers);
        Assert.Equal([new ReportChannel(Channel.Qr, 11, 10)], report.Channels);
        Assert.Equal(
            (161, 7, 50, 50),
            (report.Quality.Received, report.Quality.Imported, report.Quality.Quarantined, report.Quality.Voided)
        );
    }

    [Fact]
    public void Below_the_minimum_there_is_no_rate_and_from_it_on_there_is_one_with_its_interval()
    {
        Assert.Null(new RatedWeeks().Give(1, 29, 0).Compile().Rate);

        var report = new RatedWeeks().Give(1, 196, 4).Compile();

        Assert.Equal(0.98, report.Rate!.Value, 10);
        Assert.Equal("95.0%～99.2%", ReportText.Interval(report.Low, report.High));
        Assert.Equal((196 * 8 + 4 * 3) / 200.0, report.Mean!.Value, 10);
        Assert.InRange(report.Mean.Value, report.MeanLow!.Value, report.MeanHigh!.Value);
    }

    [Fact]
    public void The_same_rows_give_the_same_bytes_and_the_same_data_hash()
    {
        RatedWeeks Weeks(int bad = 2, int named = 3, int tagged = 1) =>
            new RatedWeeks()
                .Give(1, 40, bad)
                .Name(1, 1, named, 0)
                .Tag(1, "214", tagged)
                .Give(1, 40, 4, weeksAgo: 1)
                .Give(2, 60, 4, weeksAgo: 2);

        Assert.Equal(Weeks().Compile().Freeze().Json, Weeks().Compile().Freeze().Json);
        Assert.Equal(
            Weeks().Rows().Hash(),
            (Weeks().Rows() with { Head = new BlockReference(9, new byte[32]) }).Hash()
        );
        Assert.NotEqual(Weeks().Rows().Hash(), Weeks(bad: 3).Rows().Hash());
        Assert.NotEqual(Weeks().Rows().Hash(), Weeks(named: 4).Rows().Hash());
        Assert.NotEqual(Weeks().Rows().Hash(), Weeks(tagged: 2).Rows().Hash());
        Assert.Equal(Weeks().Rows().Hash(), Weeks().Give(3, 9, 9, weeksAgo: 1).Rows().Hash());
    }

    [Fact]
    public void A_report_is_read_back_from_its_json_as_it_was_written()
    {
        var report = new RatedWeeks()
            .Give(1, 90, 10)
            .Give(3, 50, 5)
            .Name(1, 2, 30, 2)
            .Tag(1, "214", 8)
            .Give(1, 80, 5, weeksAgo: 1)
            .Compile();

        var (json, _) = report.Freeze();

        Assert.Equal(json, (WeeklyReport.Parse(json) with { ContentHash = null }).Freeze().Json);
    }

    [Fact]
    public void Departments_add_up_items_go_to_their_owner_and_the_rest_to_none()
    {
        var report = new RatedWeeks().Give(1, 50, 0).Name(1, 2, 20, 0).Give(3, 30, 2).Name(3, 1, 10, 1).Compile();

        Assert.Equal(
            [("示例县人社局", 32), ("示例县公安局", 20), ("未归部门", 30)],
            report.Departments.Select(d => (d.Name, d.N))
        );
        Assert.Equal(report.N, report.Departments.Sum(d => d.N));
        Assert.Equal(
            [("居民身份证换领", 20), ("社会保障卡申领", 11), ("未关联事项", 51)],
            report.Items.Select(i => (i.Name, i.N))
        );
    }

    [Fact]
    public void Windows_in_service_without_a_rating_are_named_and_halls_keep_their_order()
    {
        var report = new RatedWeeks().Give(2, 40, 0).Give(5, 7, 0).Compile();

        Assert.Equal(["1", "3", "4"], report.Quality.SilentWindows.Select(w => w.Number));
        Assert.Equal([("main", 40), ("town", 7)], report.Halls.Select(h => (h.Code, h.N)));
        Assert.Equal(["1", "2", "3", "4", "1"], report.Windows.Select(w => w.Number));
    }

    [Fact]
    public void A_window_with_few_ratings_shows_its_last_four_weeks_together()
    {
        RatedWeeks Weeks(int lastWeek) =>
            new RatedWeeks()
                .Give(1, 100, 0)
                .Give(2, 10, 1)
                .Give(2, lastWeek, 0, weeksAgo: 1)
                .Give(2, 12, 0, weeksAgo: 3);

        var window = Weeks(10).Compile().Windows[1];
        Assert.Null(window.Rate);
        Assert.Equal((33, 32 / 33.0), (window.FourWeeks!.N, window.FourWeeks.Rate));
        // One of the weeks has 4 ratings. The difference between two issues would reveal their grades.
        Assert.Null(Weeks(4).Compile().Windows[1].FourWeeks);
    }

    [Fact]
    public void Late_ratings_are_counted_in_later_versions_and_their_difference_is_told()
    {
        var first = new RatedWeeks().Give(1, 40, 2).Compile();
        Assert.Equal(0, first.Quality.Late);
        var second = new RatedWeeks().Give(1, 40, 2).Give(2, 6, 1).Compile(version: 2, earlier: first);
        var third = new RatedWeeks()
            .Give(1, 40, 2)
            .Give(2, 6, 1)
            .Give(5, 1, 0, standing: Standing.Quarantined)
            .Compile(version: 3, earlier: second);

        Assert.Equal((7, 8), (second.Quality.Late, third.Quality.Late));
        Assert.Equal("county-2026-W47-v1", second.Difference!.Earlier);
        Assert.Contains(new ReportFigureChange("有效评价", "条", 42, 49), second.Difference.Figures);
        Assert.Contains(new ReportFigureChange("示例县政务服务中心2号综合窗口", "条", 0, 7), second.Difference.Figures);
        Assert.DoesNotContain(second.Difference.Figures, f => f.Name == "示例县政务服务中心1号综合窗口");
    }

    [Fact]
    public void Corrections_are_told_by_direction_and_repeats_with_the_rate_without_them()
    {
        var weeks = new RatedWeeks().Give(1, 90, 10);
        weeks.Entries = new(
            [
                .. Enumerable.Range(0, 3).Select(_ => weeks.Correct(1, Grade.Dissatisfied, Grade.Satisfied)),
                weeks.Correct(1, Grade.Satisfied, Grade.VeryDissatisfied),
                weeks.Correct(1, Grade.Satisfied, Grade.VerySatisfied),
            ],
            [],
            [.. Enumerable.Range(0, 6).Select(i => weeks.Repeat(1, i < 5 ? Grade.Satisfied : Grade.Dissatisfied))]
        );

        var quality = weeks.Compile().Quality;

        Assert.Equal(new ReportCorrections(5, 3, 1, 1, 0), quality.Corrections);
        Assert.Equal((6, 5), (quality.Repeats.N, quality.Repeats.Good));
        Assert.Equal(85 / 94.0, quality.Repeats.RateWithout!.Value, 10);
        Assert.Equal(6, Assert.Single(quality.Repeats.Windows).N);
    }

    [Theory]
    [InlineData(1.0, "100%")]
    [InlineData(0.9999, "99.9%")]
    [InlineData(0.0001, "0.1%")]
    [InlineData(0.0, "0%")]
    [InlineData(0.9549, "95.5%")]
    public void A_rate_never_becomes_all_or_nothing_by_rounding(double share, string text) =>
        Assert.Equal(text, ReportText.Percent(share));
}
