using Microsoft.Extensions.Options;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// The deadline until which a citizen may add to a rating. It is the end of the last of a number of working days after
/// the day of the rating. Without a deadline, any old week and its report could still change.
/// </summary>
public sealed class DetailDeadline(HallDirectory directory, WorkCalendar calendar, IOptions<ReceiptOptions> options)
{
    /// <summary>Returns the first instant that is too late.</summary>
    public DateTimeOffset Of(Rating rating)
    {
        var zone = directory.Current.Window(rating.WindowId)?.Hall.Zone ?? TimeZoneInfo.Utc;
        var end = LastDay(rating).AddDays(1).ToDateTime(TimeOnly.MinValue);
        // If a clock is put forward over midnight, the local time of midnight does not exist on that day.
        while (zone.IsInvalidTime(end))
            end = end.AddMinutes(15);
        return new DateTimeOffset(end, zone.GetUtcOffset(end)).ToUniversalTime();
    }

    /// <summary>Returns the last day on which something may be added, in the hall's local time.</summary>
    public DateOnly LastDay(Rating rating) => calendar.After(rating.LocalDate, options.Value.DetailWorkingDays);
}
