using ServiceEval.Web.Features.Reports.Statistics;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>Deadlines by the State Council's calendar, counted from the day after the report comes out.</summary>
internal static class Deadlines
{
    /// <summary>What is quickly looked at: a machine, a code, a missing file.</summary>
    public const int Short = 2;

    /// <summary>Four days end on the Friday of an ordinary week, so that the next report can tell.</summary>
    public const int Usual = 4;

    private const int LongestHoliday = 30;

    /// <summary>Null where a year on the way is unknown: which days are off can't be computed.</summary>
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
