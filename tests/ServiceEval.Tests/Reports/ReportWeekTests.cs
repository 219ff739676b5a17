using CsCheck;
using ServiceEval.Core.Calendar;

namespace ServiceEval.Tests.Reports;

public sealed class ReportWeekTests
{
    private static readonly string[] Zones =
    [
        "Asia/Shanghai",
        "Asia/Urumqi",
        "America/New_York",
        "Europe/Berlin",
        "Pacific/Apia",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
    ];

    private static readonly Gen<DateOnly> Dates = Gen.Int[0, 365 * 60]
        .Select(days => new DateOnly(2005, 1, 1).AddDays(days));

    [Theory]
    [InlineData("2026-W47", "2026-11-16", "2026-11-22")]
    [InlineData("2026-W53", "2026-12-28", "2027-01-03")]
    [InlineData("2027-W01", "2027-01-04", "2027-01-10")]
    [InlineData("2025-W01", "2024-12-30", "2025-01-05")]
    public void A_week_runs_from_Monday_to_Sunday_over_the_years_end_too(string text, string monday, string sunday)
    {
        var week = IsoWeek.Parse(text);

        Assert.Equal((monday, sunday), ($"{week.Monday:yyyy-MM-dd}", $"{week.Sunday:yyyy-MM-dd}"));
        Assert.Equal(text, week.ToString());
    }

    [Theory]
    [InlineData("2026-W54")]
    [InlineData("2025-W53")]
    [InlineData("2026-W00")]
    [InlineData("2026-47")]
    [InlineData("2026-W7")]
    [InlineData("2026W47")]
    [InlineData("+026-W47")]
    [InlineData("2026-w47")]
    [InlineData("last")]
    [InlineData("")]
    public void Nonsense_is_refused_in_one_sentence(string text)
    {
        Assert.False(IsoWeek.TryParse(text, out _, out var complaint));
        Assert.EndsWith("。", complaint, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_date_is_in_the_week_that_began_on_its_Monday() =>
        Dates.Sample(date =>
        {
            var week = IsoWeek.Of(date);
            return week.Monday.DayOfWeek == DayOfWeek.Monday
                && week.Monday <= date
                && date <= week.Sunday
                && week.Next.Previous == week
                && IsoWeek.Parse(week.ToString()) == week;
        });

    [Fact]
    public void A_week_is_complete_from_Monday_at_six_of_its_zone_and_not_before() =>
        Gen.Select(Dates, Gen.Int[0, Zones.Length - 1].Select(i => Zones[i]))
            .Sample(
                (date, name) =>
                {
                    var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
                    var week = IsoWeek.Of(date);
                    var from = week.CompleteFrom(zone);
                    var local = TimeZoneInfo.ConvertTime(from, zone).DateTime;
                    return local == week.Sunday.AddDays(1).ToDateTime(new TimeOnly(6, 0))
                        && IsoWeek.Of(from, zone) == week.Next
                        && from.Offset == TimeSpan.Zero;
                }
            );

    [Theory]
    [InlineData("2026-W10", "2026-03-09T10:00:00Z")]
    [InlineData("2026-W09", "2026-03-02T11:00:00Z")]
    [InlineData("2026-W44", "2026-11-02T11:00:00Z")]
    [InlineData("2026-W43", "2026-10-26T10:00:00Z")]
    public void A_week_is_complete_at_six_local_time_also_after_a_change_of_the_clocks(string week, string instant) =>
        Assert.Equal(
            DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture),
            IsoWeek.Parse(week).CompleteFrom(TimeZoneInfo.FindSystemTimeZoneById("America/New_York"))
        );
}
