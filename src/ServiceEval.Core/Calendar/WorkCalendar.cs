namespace ServiceEval.Core.Calendar;

/// <summary>
/// Working days by the State Council's yearly notices. <c>seeds/README.md</c> describes the files. A year without a
/// file is unknown, because the days off are decided year by year and cannot be computed.
/// </summary>
public sealed class WorkCalendar
{
    private readonly HashSet<int> _years = [];
    private readonly Dictionary<DateOnly, (bool IsOff, string Name)> _days = [];

    /// <summary>Returns whether the calendar has the notice of this year.</summary>
    public bool Knows(int year) => _years.Contains(year);

    /// <summary>Adds a day of a notice. Its year is known from then on.</summary>
    /// <param name="isOff">True for a holiday; false for a weekend day that is worked instead.</param>
    /// <param name="name">The name of the holiday.</param>
    /// <returns>False if the calendar has this day already.</returns>
    public bool TryAdd(DateOnly date, bool isOff, string name)
    {
        if (!_days.TryAdd(date, (isOff, name)))
            return false;
        _years.Add(date.Year);
        return true;
    }

    public WeekDays Of(IsoWeek week)
    {
        var dates = Enumerable.Range(0, 7).Select(week.Monday.AddDays).ToList();
        int[] unknown = [.. dates.Select(date => date.Year).Distinct().Where(year => !_years.Contains(year))];
        var off = dates.Where(date => !IsWeekend(date) && _days.TryGetValue(date, out var day) && day.IsOff).ToList();
        var worked = dates
            .Where(date => IsWeekend(date) && _days.TryGetValue(date, out var day) && !day.IsOff)
            .ToList();
        return new(
            unknown,
            [.. off.Select(Named)],
            [.. worked.Select(Named)],
            unknown.Length > 0 ? null : 5 - off.Count + worked.Count
        );
    }

    /// <summary>
    /// Returns the last of this number of working days after a date. In a year without a notice, only weekends are days
    /// off.
    /// </summary>
    public DateOnly After(DateOnly date, int workingDays)
    {
        for (; workingDays > 0; workingDays--)
        {
            date = date.AddDays(1);
            while (!IsWorked(date))
                date = date.AddDays(1);
        }
        return date;
    }

    private bool IsWorked(DateOnly date) => _days.TryGetValue(date, out var day) ? !day.IsOff : !IsWeekend(date);

    private CalendarDay Named(DateOnly date) => new(date, _days[date].Name);

    internal static bool IsWeekend(DateOnly date) => date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
}
