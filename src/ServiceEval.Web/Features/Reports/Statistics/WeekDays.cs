namespace ServiceEval.Web.Features.Reports.Statistics;

/// <summary>What the calendar says of a week.</summary>
/// <param name="UnknownYears">Of its seven days, those years without data, ascending; what follows speaks of the others
/// only.</param>
/// <param name="Off">Days from Monday to Friday on which nobody works.</param>
/// <param name="Worked">Saturdays and Sundays on which everybody works (调休).</param>
/// <param name="WorkingDays">0–7; null if a year is unknown.</param>
public sealed record WeekDays(
    IReadOnlyList<int> UnknownYears,
    IReadOnlyList<CalendarDay> Off,
    IReadOnlyList<CalendarDay> Worked,
    int? WorkingDays
)
{
    public bool IsKnown => UnknownYears.Count == 0;

    /// <summary>Of a day of the week.</summary>
    public bool IsWorked(DateOnly date) =>
        date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday
            ? Worked.Any(day => day.Date == date)
            : Off.All(day => day.Date != date);

    /// <summary>Known to be worked from Monday to Friday and on no other day.</summary>
    public bool IsRegular => IsKnown && Off.Count == 0 && Worked.Count == 0;
}

/// <param name="Name">The holiday that is the reason, such as 国庆节.</param>
public sealed record CalendarDay(DateOnly Date, string Name);
