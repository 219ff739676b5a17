using ServiceEval.Core.Places;
using ServiceEval.Simulator;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Tests.Simulation;

public sealed class HistoryPeriodTests
{
    [Theory]
    [InlineData("Asia/Shanghai", "2025-06-16", "2025-06-29")]
    [InlineData("Pacific/Kiritimati", "2025-06-16", "2025-06-29")]
    [InlineData("Pacific/Honolulu", "2025-06-15", "2025-06-28")]
    public void A_history_ends_with_the_yesterday_of_each_halls_own_time_zone(string zone, string first, string last)
    {
        // It is 08:30 on Monday in Shanghai and still Sunday in Honolulu.
        var period = new HistoryPeriod(14, null, new DateTimeOffset(2025, 6, 30, 0, 30, 0, TimeSpan.Zero));
        var hall = new HallEntry(
            new Hall
            {
                Code = "h",
                Name = "h",
                ShortName = "h",
                TimeZone = zone,
            },
            TimeZoneInfo.FindSystemTimeZoneById(zone)
        );

        Assert.Equal((first, last), ($"{period.FirstOf(hall):yyyy-MM-dd}", $"{period.LastOf(hall):yyyy-MM-dd}"));
    }
}
