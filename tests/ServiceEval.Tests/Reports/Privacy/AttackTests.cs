using CsCheck;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Contents;
using static ServiceEval.Tests.Reports.RatedWeeks;

namespace ServiceEval.Tests.Reports.Privacy;

/// <summary>
/// A person who has every report must not learn the grades of fewer ratings than a cohort. Set
/// SERVICEEVAL_PRIVACY_HISTORIES for a longer run.
/// </summary>
public sealed class AttackTests
{
    private const int Trials = 8;

    private static readonly int Histories = int.TryParse(
        Environment.GetEnvironmentVariable("SERVICEEVAL_PRIVACY_HISTORIES"),
        out var asked
    )
        ? asked
        : 20;

    private static readonly Gen<(
        SimulatedCounty County,
        int Cohort,
        double LeftOut,
        bool IsFirstWeekUnreported
    )> Simulated =
        from seed in Gen.Int[1, 1_000_000]
        from cohort in Gen.Int[3, 10]
        from halls in Gen.Int[1, 4]
        from windows in Gen.Int[2, 6]
        from departments in Gen.Int[1, 5]
        from perWeek in Gen.Int[20, 400]
        from late in Gen.Int[0, 2]
        from lateDetails in Gen.Int[0, 2]
        from leftOut in Gen.Int[0, 1]
        from options in Gen.Int[0, 31]
        from marked in Gen.Int[0, 3]
        from isTree in Gen.Bool
        select (
            County: new SimulatedCounty(
                SimulatedCounty.Tiny(halls, windows, departments, isTree),
                5,
                perWeek,
                seed,
                late * 0.02
            )
            {
                LateDetails = lateDetails * 0.02,
                Marked = (MarkedPart)marked,
                IsStuffed = (options & 1) > 0,
                IsImported = (options & 2) > 0,
                Outage = (options & 4) > 0 ? new DateOnly(2026, 11, 18) : null,
                BadWeek = (options & 8) > 0 ? IsoWeek.Parse("2026-W46") : null,
            },
            Cohort: cohort,
            LeftOut: leftOut * 0.25,
            IsFirstWeekUnreported: (options & 16) > 0
        );

    [Fact]
    public void Five_weeks_of_reports_with_their_later_versions_determine_no_group_of_fewer_ratings_than_a_cohort() =>
        Simulated.Sample(
            s =>
            {
                var published = new PublishedHistory(s.County.Directory, Calendar, s.Cohort, minimumN: 30)
                {
                    LeftOut = s.LeftOut,
                    IsFirstWeekUnreported = s.IsFirstWeekUnreported,
                }.Publish(s.County.Voters(Calendar));

                Assert.NotEmpty(published);
                Assert.All(
                    published.GroupBy(p => (p.Report.Scope, p.Report.Week)),
                    versions => Assert.Single(versions.Select(v => Tags(v.Report)).Distinct())
                );
                var groups = Attack.Run(published, s.County.Directory, s.Cohort, Trials);
                Assert.True(
                    groups.Count == 0,
                    $"k = {s.Cohort}: {string.Join('\n', groups.Select(g => $"{g.Value} ratings: {g.Key}").Take(5))}"
                );
            },
            iter: Histories,
            threads: 1
        );

    private static string Tags(WeeklyReport report) =>
        $"{string.Join(',', report.Tags.Select(t => $"{t.Code} {t.N}"))} {report.OtherTags}";

    [Fact]
    public void The_attacker_finds_the_one_rating_that_a_total_less_a_part_leaves()
    {
        IReadOnlySet<string>[] figures =
        [
            new HashSet<string> { "a", "b", "c" },
            new HashSet<string> { "a" },
            new HashSet<string> { "b", "d" },
        ];
        var sizes = new Dictionary<string, int>
        {
            ["a"] = 6,
            ["b"] = 7,
            ["c"] = 1,
            ["d"] = 9,
        };

        Assert.Empty(new Attacker<string>(5, Trials).Groups([figures[0], figures[2]], sizes));
        Assert.Empty(new Attacker<string>(5, Trials).Groups([figures[0], figures[1]], sizes));
        Assert.Equal(
            "c",
            Assert
                .Single(new Attacker<string>(5, Trials).Groups([.. figures[..2], new HashSet<string> { "b" }], sizes))
                .Key
        );
    }

    [Fact]
    public void A_department_less_its_shown_items_leaves_no_group_of_fewer_ratings_than_a_cohort()
    {
        // The department has 16 ratings and its one shown item has 15. The difference would be the single rating of its
        // other item.
        var report = new RatedWeeks().Give(1, 40, 4).Give(2, 30, 2).Name(1, 1, 12, 3).Give(3, 0, 1).Compile("main");

        var (department, item) = (
            report.Departments.Single(d => d.Code == "D1"),
            report.Items.Single(i => i.Code == "I1")
        );
        Assert.Equal((16, 15), (department.N, item.N));
        Assert.True(department.Good is null || item.Good is null);
    }

    [Fact]
    public void A_channel_a_day_or_a_department_less_its_repeats_leaves_no_group_of_fewer_ratings_than_a_cohort()
    {
        // One phone rates ten times, so nine of the twelve ratings by QR code, on Monday and for the first department
        // are repeats. The three others are three people.
        var weeks = new RatedWeeks()
            .Give(3, 88, 12, day: 1, tier: Tier.Imported, channel: Channel.Terminal, department: 2)
            .Give(3, 11, 1, department: 1);
        weeks.Entries = new([], [], [.. Enumerable.Range(0, 9).Select(_ => weeks.Repeat(3, Grade.Satisfied))]);

        AssertHidden(weeks.Compile("main"), report => report.Quality.Repeats.Good);
    }

    [Fact]
    public void A_channel_a_day_or_a_department_less_its_corrections_leaves_no_group_of_fewer_ratings_than_a_cohort()
    {
        var weeks = new RatedWeeks()
            .Give(3, 88, 12, day: 1, tier: Tier.Imported, channel: Channel.Terminal, department: 2)
            .Give(3, 11, 1, department: 1);
        weeks.Entries = new(
            [.. Enumerable.Range(0, 9).Select(_ => weeks.Correct(3, Grade.Dissatisfied, Grade.Satisfied))],
            [],
            []
        );

        AssertHidden(weeks.Compile("main"), report => report.Quality.Corrections.BadToGood);
    }

    /// <summary>Asserts that the marked ratings are hidden, or everything that contains few other ratings.</summary>
    private static void AssertHidden(WeeklyReport report, Func<WeeklyReport, int?> marked)
    {
        Assert.Equal(112, report.N);
        int?[] around =
        [
            report.Channels.Single(c => c.Channel == Channel.Qr).Good,
            report.Days[0].Good,
            report.Departments.Single(d => d.Code == "D1").Good,
            report.ActiveRate is null ? null : report.ActiveN,
        ];
        Assert.True(marked(report) is null || around.All(good => good is null));
        Assert.Contains(around, good => good is not null);
    }

    [Fact]
    public void A_report_of_fewer_ratings_than_a_cohort_lists_no_tag_and_its_json_no_grade()
    {
        var report = new RatedWeeks().Give(5, 0, 1).Tag(5, "214", 1).Compile("town");

        Assert.Empty(report.Tags);
        Assert.Null(report.OtherTags);
        Assert.Null(report.Good);
        Assert.All(report.Grades.Values, Assert.Null);
        Assert.All(report.Channels, channel => Assert.Null(channel.Good));
    }

    [Fact]
    public void Tags_below_a_cohort_are_one_number_without_a_name()
    {
        var report = new RatedWeeks()
            .Give(1, 40, 9)
            .Tag(1, "214", 4)
            .Tag(1, "213", 3)
            .Tag(1, "406", 12)
            .Compile("main");

        Assert.Equal(["406"], report.Tags.Select(t => t.Code));
        Assert.Equal(7, report.OtherTags);
    }

    [Fact]
    public void The_county_less_its_other_halls_tells_no_small_halls_grades()
    {
        var weeks = new RatedWeeks().Give(1, 40, 3).Give(5, 1, 2);

        var (county, main, town) = (weeks.Compile(), weeks.Compile("main"), weeks.Compile("town"));

        Assert.NotNull(county.Good);
        Assert.Null(main.Good);
        Assert.Null(town.Good);
    }

    [Fact]
    public void Few_late_ratings_leave_the_grades_as_the_version_before_has_them()
    {
        var first = new RatedWeeks().Give(1, 40, 3).Compile("main");

        var second = new RatedWeeks().Give(1, 40, 3).Give(2, 0, 1).Compile("main", version: 2, earlier: first);

        Assert.Equal((44, null, null), (second.N, second.Good, second.Rate));
        Assert.Equal(("main-2026-W47-v1", 43, 40), (second.Kept!.Report, second.Kept.N, second.Kept.Good));
        Assert.Contains(
            second.Summary,
            sentence => sentence.Contains("main-2026-W47-v1的43条", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Two_versions_do_not_tell_the_one_rating_that_came_in_between_to_a_week_without_a_report()
    {
        var weeks = new RatedWeeks { AreEarlierWeeksReported = false }
            .Give(1, 90, 10)
            .Give(1, 90, 10, weeksAgo: 1);
        var first = weeks.Compile("main");
        var second = weeks.Give(1, 0, 1, weeksAgo: 1).Give(1, 5, 1).Compile("main", 2, first);

        Assert.All([first, second], report => Assert.Null(report.Changes.LastWeek));
        Assert.Equal("上周没有可用的周报，不作比较。", first.Changes.WhyNotLastWeek);
    }

    [Fact]
    public void A_week_with_a_damaged_report_shows_no_grades()
    {
        var report = new RatedWeeks { HasDamagedVersion = true }
            .Give(1, 90, 10)
            .Compile("main");

        Assert.Equal((100, null, null), (report.N, report.Good, report.Windows[0].Good));
    }

    [Fact]
    public void A_third_version_tells_nothing_of_the_few_that_came_before_the_second()
    {
        var weeks = new RatedWeeks().Give(1, 40, 3).Give(2, 30, 2);
        var first = weeks.Compile("main");
        var second = weeks.Give(2, 1, 1).Compile("main", 2, first);
        var third = weeks.Give(1, 4, 1).Compile("main", 3, second, frozen: first);

        Assert.Equal((77, null), (second.N, second.Good));
        // Seven ratings have come to the hall since the first version, and five of them to window 1.
        Assert.True(third.Good is null || third.Windows[0].Good is null);
    }

    [Fact]
    public void A_window_is_shown_again_when_a_cohort_has_come_late()
    {
        var weeks = new RatedWeeks().Give(1, 40, 3).Give(2, 30, 2);
        var first = weeks.Compile("main");
        var second = weeks.Give(2, 1, 1).Compile("main", 2, first);
        var third = weeks.Give(2, 4, 1).Compile("main", 3, second, frozen: first);

        Assert.Equal([30, null, 35], ((WeeklyReport[])[first, second, third]).Select(r => r.Windows[1].Good));
        Assert.Equal((82, 75), (third.N, third.Good));
    }

    [Fact]
    public void The_sum_of_unnamed_tags_does_not_reveal_how_often_few_others_gave_a_named_tag()
    {
        var weeks = new RatedWeeks().Give(1, 40, 10).Give(5, 30, 6).Tag(1, "213", 7).Tag(5, "213", 3);

        var (county, main) = (weeks.Compile(), weeks.Compile("main"));

        Assert.Equal(("213", 10), (county.Tags.Single().Code, county.Tags.Single().N));
        Assert.Empty(main.Tags);
        Assert.Null(main.OtherTags);
    }

    [Fact]
    public void A_scope_that_is_compiled_after_late_ratings_shows_only_what_the_others_show()
    {
        var weeks = new RatedWeeks().Give(1, 40, 3).Give(2, 30, 2).Name(1, 1, 20, 2).Give(5, 20, 2);
        var county = weeks.Compile();
        weeks.Give(2, 1, 0);

        var main = weeks.Compile("main", frozen: county);

        Assert.NotNull(county.Windows[0].Good);
        Assert.Equal([43, null], main.Windows.Take(2).Select(w => w.Good is null ? (int?)null : w.N));
        Assert.All(
            main.Items.Cast<object>().Concat(main.Departments),
            row => Assert.Null(row is ReportItem item ? item.Good : ((ReportDepartment)row).Good)
        );
    }

    [Fact]
    public void A_cohort_of_late_ratings_is_published()
    {
        var first = new RatedWeeks().Give(1, 40, 3).Compile("main");

        var second = new RatedWeeks().Give(1, 44, 4).Compile("main", version: 2, earlier: first);

        Assert.Equal((48, 44, null), (second.N, second.Good, second.Kept));
    }
}
