using Microsoft.Extensions.Options;
using ServiceEval.Data.Halls;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;
using ServiceEval.Data.Tallies;
using ServiceEval.Web.Features.Boards;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Pages;

namespace ServiceEval.Tests.Reports;

public sealed class ReportCompilerTests
{
    private static readonly IsoWeek Week = IsoWeek.Parse("2026-W47");

    [Fact]
    public void Imported_ratings_count_and_stand_apart_and_imputed_or_unverified_ones_do_not_count()
    {
        var report = Compile(
            Row(1, 4, 0), Row(1, 6, 1, Tier.Imported), Row(1, 50, 0, Tier.Imputed), Row(2, 50, 0, standing: Standing.Quarantined), Row(2, 50, 0, standing: Standing.Voided));

        Assert.Equal((11, 10, 4), (report.N, report.Good, report.ActiveN));
        Assert.Equal([new ReportTier(Tier.Printed, 4), new ReportTier(Tier.Imported, 7)], report.Tiers);
        Assert.Equal([new ReportChannel(Channel.Qr, 11, 10)], report.Channels);
    }

    [Fact]
    public void Below_the_minimum_there_is_no_rate_and_from_it_on_there_is_one_with_its_interval()
    {
        Assert.Null(Compile(Row(1, 29, 0)).Rate);

        var report = Compile(Row(1, 196, 4));

        Assert.Equal(0.98, report.Rate!.Value, 10);
        Assert.Equal("95.0%～99.2%", ReportText.Interval(report.Low, report.High));
    }

    [Fact]
    public void A_window_with_fewer_ratings_than_a_cohort_shows_no_grades_and_the_total_does_not_give_them_away()
    {
        var report = Compile(Row(1, 40, 0), Row(2, 2, 1));

        Assert.Equal([(40, null), (3, null)], report.Places.Select(p => (p.N, p.Good)));
        Assert.Equal([(40, 40), (5, 4)], Compile(Row(1, 40, 0), Row(2, 4, 1)).Places.Select(p => (p.N, p.Good!.Value)));
    }

    [Fact]
    public void The_same_rows_give_the_same_bytes_and_the_same_data_hash()
    {
        var (first, second) = (Compile(Row(1, 40, 2)), Compile(Row(1, 40, 2)));

        Assert.Equal(first.Freeze().Json, second.Freeze().Json);
        Assert.Equal(Rows(Row(1, 40, 2)).Hash(), (Rows(Row(1, 40, 2)) with { Head = new BlockReference(9, new byte[32]) }).Hash());
        Assert.NotEqual(Rows(Row(1, 40, 2)).Hash(), Rows(Row(1, 40, 3)).Hash());
        Assert.NotEqual(Rows(Row(1, 40, 2)).Hash(), Rows(Row(2, 40, 2)).Hash());
    }

    [Theory]
    [InlineData(1.0, "100%")]
    [InlineData(0.9999, "99.9%")]
    [InlineData(0.0001, "0.1%")]
    [InlineData(0.0, "0%")]
    [InlineData(0.9549, "95.5%")]
    public void A_rate_never_becomes_all_or_nothing_by_rounding(double share, string text) => Assert.Equal(text, ReportText.Percent(share));

    [Fact]
    public void A_summary_has_three_to_five_sentences_and_two_when_there_is_nothing()
    {
        Assert.InRange(ReportText.Summary(Compile(Row(1, 40, 2))).Count(), 3, 5);
        Assert.Equal(2, ReportText.Summary(Compile()).Count());
    }

    private static WeeklyReport Compile(params HourTally[] rows)
    {
        // Never read: only whether it is a demonstration is asked of it.
        var compiler = new ReportCompiler(new HallDirectory(null!), Options.Create(new ReportOptions()), Options.Create(new BoardOptions()));
        return compiler.Compile(ReportScope.Of(Entry()), Rows(rows), 1);
    }

    private static WeekRows Rows(params HourTally[] rows) => new(Week, new BlockReference(1, new byte[32]), rows);

    private static HourTally Row(int window, int satisfied, int dissatisfied, Tier tier = Tier.Printed, Standing standing = Standing.Counted) => new()
    {
        LocalDate = Week.Monday, LocalHour = 10, WindowId = window, DepartmentId = 0, Tier = tier, Channel = Channel.Qr, Standing = standing,
        Satisfied = satisfied, Dissatisfied = dissatisfied,
    };

    private static HallEntry Entry()
    {
        var hall = new Hall { Id = 1, Code = "example", Name = "示例大厅", ShortName = "示例", TimeZone = "Asia/Shanghai" };
        Window[] windows = [.. Enumerable.Range(1, 2).Select(id => new Window { Id = id, HallId = 1, Number = $"{id}", Name = "综合", Code = $"code{id}" })];
        return new DirectorySnapshot(new Installation(), [hall], windows, [], [], [], [], []).Hall("example")!;
    }
}
