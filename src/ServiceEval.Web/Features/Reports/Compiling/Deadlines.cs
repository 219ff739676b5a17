using ServiceEval.Core.Calendar;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>
/// Computes deadlines by the State Council's calendar. Counting begins on the day after the report is issued.
/// </summary>
internal static class Deadlines
{
    /// <summary>For things that are checked quickly: a machine, a code, a missing file.</summary>
    public const int Short = 2;

    /// <summary>Four days end on the Friday of an ordinary week, so the next report can show the result.</summary>
    public const int Usual = 4;

    private const int LongestHoliday = 30;

    /// <summary>
    /// Returns the deadline. Returns null if a year on the way is unknown, because its days off cannot be computed.
    /// </summary>
    public static DateOnly? After(DateOnly issued, int workingDays, Func<IsoWeek, WeekDays> calendar)
    {
        var left = workingDays;
        for (var date = issued.AddDays(1); date <= issued.AddDays(workingDays + LongestHoliday); date = date.AddDays(1))
        {
            var week = calendar(IsoWeek.Of(date));
            if (week.UnknownYears.Contains(date.Year))
                return null;
            if (week.IsWorked(date) && --left == 0)
                return date;
        }
        return null;
    }
}
