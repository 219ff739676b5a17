using ServiceEval.Core.Places;

namespace ServiceEval.Simulator;

/// <summary>
/// The arrivals of a hall's citizens over one open day: many in the morning, few at lunch, more again in the afternoon.
/// </summary>
internal sealed class DayCurve
{
    private const int SecondsOfMinute = 60;

    /// <summary>The minutes that one burst of a stuffing clerk needs before the hall closes.</summary>
    private const int MinutesOfBurst = 3;

    private readonly List<(int Minute, double Until)> _open = [];
    private readonly IReadOnlyList<OpenSpan> _spans;

    public DayCurve(OpeningHours hours, DayOfWeek day)
    {
        _spans = hours.On(day);
        foreach (var span in _spans)
        {
            for (var minute = span.From; minute < span.To; minute++)
                _open.Add((minute, Total += Crowd(minute) * Weekday(day)));
        }
    }

    /// <summary>The number of citizens on this day, relative to other days; 0 if the hall is closed.</summary>
    public double Total { get; }

    /// <summary>
    /// Returns the second of the day by which this share of the day's citizens has come. The share is below 1.
    /// </summary>
    public int At(double share)
    {
        var at = share * Total;
        var index = _open.FindIndex(o => o.Until > at);
        var (minute, until) = _open[index < 0 ? ^1 : index];
        var before = index > 0 ? _open[index - 1].Until : 0;
        return (minute * SecondsOfMinute)
            + Math.Clamp((int)((at - before) / (until - before) * SecondsOfMinute), 0, SecondsOfMinute - 1);
    }

    /// <summary>
    /// Draws some minutes and returns the quietest one, as the second of the day. Returns null if no span is long
    /// enough for a burst.
    /// </summary>
    public int? QuietMoment(Random random)
    {
        var rooms = _spans.Where(s => s.To - s.From > MinutesOfBurst).ToList();
        if (rooms.Count == 0)
            return null;
        var minute = Enumerable
            .Range(0, 8)
            .Select(_ => random.Pick(rooms))
            .Select(span => random.Next(span.From, span.To - MinutesOfBurst))
            .MinBy(Crowd);
        return (minute * SecondsOfMinute) + random.Next(SecondsOfMinute);
    }

    private static double Crowd(int minute)
    {
        var hour = minute / 60.0;
        var waking = hour is < 6 or >= 22 ? 0.03 : 0.25;
        var lunch = hour is >= 12 and < 13.5 ? 0.4 : 1;
        return (waking + Peak(hour, 10.25, 0.9) + (0.75 * Peak(hour, 15.5, 1))) * lunch;
    }

    private static double Peak(double hour, double at, double width) => Math.Exp(-Math.Pow((hour - at) / width, 2) / 2);

    private static double Weekday(DayOfWeek day) =>
        day switch
        {
            DayOfWeek.Monday => 1.35,
            DayOfWeek.Tuesday => 1.1,
            DayOfWeek.Saturday or DayOfWeek.Sunday => 0.6,
            _ => 1,
        };
}
