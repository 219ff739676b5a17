namespace ServiceEval.Tests.Simulation;

public sealed class CitizensOfAHistoryTests(SampleCounty county) : IClassFixture<SampleCounty>
{
    [Fact]
    public async Task Nobody_rates_while_a_hall_is_closed_except_at_its_machines()
    {
        var lines = await county.HistoryAsync();

        Assert.All(
            lines.Where(l => !l.IsSelfService),
            l =>
                Assert.True(
                    l.Time.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)
                        && IsOpen(l.Hall, l.Time.TimeOfDay),
                    $"{l.Hall} at {l.Time}"
                )
        );
        Assert.Contains(
            lines,
            l => l.IsSelfService && (l.Time.DayOfWeek == DayOfWeek.Sunday || l.Time.Hour is < 8 or >= 19)
        );
    }

    [Fact]
    public async Task The_number_of_citizens_is_as_requested_and_most_come_to_the_first_hall_and_on_Mondays()
    {
        var lines = await county.HistoryAsync("--per-week", "2000");

        Assert.InRange(lines.Count, 4 * 1800, 4 * 2200);
        Assert.InRange(lines.Count(l => l.Hall == SampleCounty.FirstHall) / (double)lines.Count, 0.6, 0.9);
        Assert.Equal(108, lines.Select(l => (l.Hall, l.Number)).Distinct().Count());
        Assert.Equal(DayOfWeek.Monday, lines.GroupBy(l => l.Time.DayOfWeek).MaxBy(g => g.Count())!.Key);
    }

    [Fact]
    public async Task Most_windows_are_good_some_excellent_and_a_few_poor()
    {
        var lines = await county.HistoryAsync("--per-week", "30000");

        var rates = lines
            .GroupBy(l => (l.Hall, l.Number))
            .Where(g => g.Count() > 300)
            .Select(g => g.Count(l => !l.IsBad) / (double)g.Count())
            .ToList();
        Assert.InRange(rates.Count(r => r is > 0.9 and < 0.97) / (double)rates.Count, 0.5, 0.9);
        Assert.Contains(rates, r => r > 0.97);
        Assert.InRange(rates.Count(r => r < 0.88) / (double)rates.Count, 0.03, 0.3);
    }

    [Fact]
    public async Task Most_ratings_come_by_QR_or_tablet_many_name_an_item_and_a_few_have_a_comment()
    {
        var lines = await county.HistoryAsync();

        Assert.Equal(
            (string[])["mobile", "paper", "pc", "phone", "qr", "sms", "tablet", "terminal"],
            lines.Select(l => l.Channel).Distinct().Order()
        );
        Assert.InRange(Share(l => l.Channel is "qr" or "tablet"), 0.7, 0.9);
        Assert.InRange(Share(l => l.Item.Length > 0), 0.5, 0.7);
        Assert.InRange(Share(l => l.Comment.Length > 0), 0.03, 0.15);
        Assert.InRange(Share(l => l.Comment.Contains("00000000", StringComparison.Ordinal)), 0.0001, 0.01);
        Assert.True(lines.Select(l => l.Comment).Distinct().Count() > 100);

        double Share(Func<SampleCounty.Line, bool> which) => lines.Count(which) / (double)lines.Count;
    }

    [Fact]
    public async Task A_bad_week_is_worse_in_the_first_hall_says_why_and_touches_nothing_else()
    {
        var (plain, bad) = (await county.HistoryAsync(), await county.HistoryAsync("--bad-week", "2025-W25"));

        Assert.Equal(plain.Where(IsElsewhere), bad.Where(IsElsewhere));
        var (before, after) = (plain.Where(l => !IsElsewhere(l)).ToList(), bad.Where(l => !IsElsewhere(l)).ToList());
        Assert.Equal(before.Select(l => l.Time), after.Select(l => l.Time));
        Assert.True(after.Count(l => l.IsBad) > 2.5 * before.Count(l => l.IsBad));
        Assert.True(after.Count(l => l.IsBad && l.Comment.Contains("系统", StringComparison.Ordinal)) > 50);
        Assert.DoesNotContain(bad.Where(IsElsewhere), l => l.Comment.Contains("系统故障", StringComparison.Ordinal));

        static bool IsElsewhere(SampleCounty.Line line) => line.Hall != SampleCounty.FirstHall || line.Week != 25;
    }

    [Theory]
    [InlineData("6", SampleCounty.FirstHall)]
    [InlineData("2@liutun", "liutun")]
    public async Task A_stuffing_clerk_gives_the_best_grade_in_bursts_at_quiet_times(string window, string hall)
    {
        var (plain, stuffed) = (await county.HistoryAsync(), await county.HistoryAsync("--stuffing", window));

        var added = stuffed.Except(plain).ToList();
        Assert.Empty(plain.Except(stuffed));
        Assert.All(
            added,
            l =>
                Assert.Equal(
                    (hall, window.Split('@')[0], "verySatisfied", "qr", ""),
                    (l.Hall, l.Number, l.Grade, l.Channel, l.Comment)
                )
        );
        var days = added.GroupBy(l => l.Time.Date).ToList();
        Assert.Equal(20, days.Count);
        Assert.All(
            days,
            day =>
            {
                Assert.InRange(day.Count(), 7, 20);
                Assert.True(day.Max(l => l.Time) - day.Min(l => l.Time) <= TimeSpan.FromMinutes(2));
                Assert.All(day, l => Assert.True(IsOpen(hall, l.Time.TimeOfDay), $"{l.Time}"));
                Assert.False(day.First().Time.Hour is 10 or 15, $"{day.First().Time}");
            }
        );
    }

    [Fact]
    public async Task On_the_day_of_an_outage_nobody_rates_anywhere()
    {
        var day = new DateTime(2025, 6, 18);
        var (plain, outage) = (await county.HistoryAsync(), await county.HistoryAsync("--outage", "2025-06-18"));

        Assert.Contains(plain, l => l.Time.Date == day);
        Assert.Equal(plain.Where(l => l.Time.Date != day), outage);
    }

    [Fact]
    public async Task All_citizens_of_a_history_for_one_hall_come_to_this_hall()
    {
        var lines = await county.HistoryAsync(
            "--hall",
            "liutun",
            "--per-week",
            "500",
            "--bad-week",
            "2025-W25",
            "--stuffing",
            "1"
        );

        Assert.All(lines, l => Assert.Equal("liutun", l.Hall));
        Assert.InRange(lines.Count, 4 * 440, 4 * 700);
        Assert.True(lines.Count(l => l.Week == 25 && l.IsBad) > 2 * lines.Count(l => l.Week == 24 && l.IsBad));
    }

    private static bool IsOpen(string hall, TimeSpan time) =>
        hall == SampleCounty.FirstHall
            ? time >= new TimeSpan(9, 0, 0) && time < new TimeSpan(12, 0, 0)
                || time >= new TimeSpan(13, 30, 0) && time < new TimeSpan(17, 0, 0)
            : time >= new TimeSpan(8, 30, 0) && time < new TimeSpan(12, 0, 0)
                || time >= new TimeSpan(14, 0, 0) && time < new TimeSpan(17, 30, 0);
}
