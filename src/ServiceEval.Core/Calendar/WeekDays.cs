namespace ServiceEval.Core.Calendar;

/// <summary>The calendar's data for a week.</summary>
/// <param name="UnknownYears">The years of the seven days that have no data, ascending. The other parameters only cover
/// the other years.</param>
/// <param name="Off">Days from Monday to Friday that are not working days.</param>
/// <param name="Worked">Saturdays and Sundays that are working days (调休).</param>
/// <param name="WorkingDays">0–7; null if a year is unknown.</param>
public sealed record WeekDays(
    IReadOnlyList<int> UnknownYears,
    IReadOnlyList<CalendarDay> Off,
    IReadOnlyList<CalendarDay> Worked,
    int? WorkingDays
)
{
    public bool IsKnown => UnknownYears.Count == 0;

    /// <summary>Returns whether a day of this week is a working day.</summary>
    public bool IsWorked(DateOnly date) =>
        date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday
            ? Worked.Any(day => day.Date == date)
            : Off.All(day => day.Date != date);

    /// <summary>Whether Monday to Friday are known to be working days and the weekend is not.</summary>
    public bool IsRegular => IsKnown && Off.Count == 0 && Worked.Count == 0;
}

/// <param name="Name">The holiday that is the reason, such as 国庆节.</param>
public sealed record CalendarDay(DateOnly Date, string Name);
