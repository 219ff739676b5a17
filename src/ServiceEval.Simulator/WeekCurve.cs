using ServiceEval.Core.Places;

namespace ServiceEval.Simulator;

/// <summary>The seven day curves of one set of opening hours.</summary>
internal sealed class WeekCurve(OpeningHours hours)
{
    private readonly DayCurve[] _days = [.. Enum.GetValues<DayOfWeek>().Select(day => new DayCurve(hours, day))];

    public DayCurve On(DayOfWeek day) => _days[(int)day];

    /// <summary>Returns the share of the week's citizens who come on this day; 0 if the hall is closed.</summary>
    public double Share(DayOfWeek day) => On(day).Total is > 0 and var total ? total / _days.Sum(d => d.Total) : 0;
}
