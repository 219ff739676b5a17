using Microsoft.Extensions.Options;
using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Reports.Statistics;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// How long a citizen may add to a rating: to the end of the last of so many working days after the day on which it was
/// given. Without an end any old week could still change, and its report with it.
/// </summary>
public sealed class DetailDeadline(HallDirectory directory, WorkCalendar calendar, IOptions<ReceiptOptions> options)
{
    /// <summary>The first instant that is too late.</summary>
    public DateTimeOffset Of(Rating rating)
    {
        var zone = directory.Current.Window(rating.WindowId)?.Hall.Zone ?? TimeZoneInfo.Utc;
        var end = LastDay(rating).AddDays(1).ToDateTime(TimeOnly.MinValue);
        // A clock put forward over midnight never shows it.
        while (zone.IsInvalidTime(end))
            end = end.AddMinutes(15);
        return new DateTimeOffset(end, zone.GetUtcOffset(end)).ToUniversalTime();
    }

    /// <summary>The last day on which something may be added, in the hall's own time.</summary>
    public DateOnly LastDay(Rating rating) => calendar.After(rating.LocalDate, options.Value.DetailWorkingDays);
}
