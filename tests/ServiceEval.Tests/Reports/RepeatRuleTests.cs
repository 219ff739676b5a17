using CsCheck;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Tallies;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Counting;

namespace ServiceEval.Tests.Reports;

public sealed class RepeatRuleTests
{
    private static readonly Gen<MarkedRating[]> Days = Gen.Select(
            Gen.Int[1, 2],
            Gen.Long[1, 2],
            Gen.Int[0, 120],
            Gen.Int[0, Grades.All.Count - 1]
        )
        .Select((window, device, minute, grade) => Marked(minute, window, device, Grades.All[grade]))
        .Array[0, 30];

    [Theory]
    [InlineData(0, true)]
    [InlineData(30 * 60_000, true)]
    [InlineData(30 * 60_000 + 1, false)]
    public void The_second_is_a_repeat_within_half_an_hour_to_the_millisecond(int milliseconds, bool expected)
    {
        // If both ratings have the same instant, the one with the lower id is the first.
        var first = Marked(0) with
        {
            RatingId = new Guid("00000000-0000-7000-8000-000000000001"),
        };
        var second = first with
        {
            RatingId = new Guid("00000000-0000-7000-8000-000000000002"),
            GivenAt = first.GivenAt.AddMilliseconds(milliseconds),
        };
        Assert.Equal(expected ? [second] : [], Repeats.Among([second, first]));
    }

    [Fact]
    public void Each_rating_is_compared_with_the_one_before_and_the_first_is_never_a_repeat()
    {
        var given = ((int[])[0, 25, 50, 75, 106, 110]).Select(minute => Marked(minute)).ToArray();
        Assert.Equal([given[1], given[2], given[3], given[5]], Repeats.Among(given.Reverse()));
    }

    [Fact]
    public void Another_window_device_or_date_is_another_row_of_ratings()
    {
        var first = Marked(0);
        Assert.Empty(
            Repeats.Among([
                first,
                Marked(1, window: 2),
                Marked(2, device: 2),
                Marked(3) with
                {
                    Group = first.Group with { LocalDate = first.Group.LocalDate.AddDays(1) },
                },
            ])
        );
    }

    [Fact]
    public void Which_ratings_are_repeats_depends_neither_on_grades_nor_on_order() =>
        Days.Sample(day =>
        {
            var repeats = Ids(day);
            return repeats.SetEquals(Ids(day.Select(m => m with { Grade = Grade.VeryDissatisfied })))
                && repeats.SetEquals(Ids(day.Select(m => m with { Grade = (Grade)(6 - (int)m.Grade) })))
                && repeats.SetEquals(Ids(day.Reverse()));
        });

    [Fact]
    public void A_rating_is_a_repeat_when_another_of_its_device_was_given_shortly_before() =>
        Days.Sample(day =>
            Ids(day)
                .SetEquals(
                    day.Where(m =>
                            day.Any(o =>
                                (o.Group, o.Device) == (m.Group, m.Device)
                                && (o.GivenAt, o.RatingId).CompareTo((m.GivenAt, m.RatingId)) < 0
                                && m.GivenAt - o.GivenAt <= TimeSpan.FromMinutes(30)
                            )
                        )
                        .Select(m => m.RatingId)
                )
        );

    [Fact]
    public void Repeats_are_counted_by_window_and_grade()
    {
        Repeat[] repeats =
        [
            Of(1, Grade.Satisfied),
            Of(1, Grade.VeryDissatisfied),
            Of(1, Grade.VeryDissatisfied),
            Of(3, Grade.BasicallySatisfied),
        ];

        var counts = Repeats.ByWindow(repeats);

        Assert.Equal(
            [(1, new GradeCounts(0, 1, 0, 0, 2)), (3, new GradeCounts(0, 0, 1, 0, 0))],
            counts.OrderBy(c => c.Key).Select(c => (c.Key, c.Value))
        );
        static Repeat Of(int window, Grade grade) => new(Guid.NewGuid(), Group(window), grade, Standing.Counted);
    }

    private static HashSet<Guid> Ids(IEnumerable<MarkedRating> marked) =>
        [.. Repeats.Among(marked).Select(m => m.RatingId)];

    private static MarkedRating Marked(int minute, int window = 1, long device = 1, Grade grade = Grade.Satisfied)
    {
        var at = TestHost.Start.AddMinutes(minute);
        return new(Guid.CreateVersion7(at), Group(window), device, at, grade, Standing.Counted);
    }

    private static RatingGroup Group(int window) =>
        new(new DateOnly(2026, 11, 18), window, Channel.Qr, Tier.Printed, DepartmentId: 0, ItemId: 0);
}
