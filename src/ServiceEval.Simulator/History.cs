using System.Globalization;
using ServiceEval.Core.Calendar;
using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Simulator;

/// <summary>
/// Generates all ratings of some weeks, ordered by time. The same seed, directory and dates give the same ratings. An
/// incident changes only the ratings that it is about.
/// </summary>
internal sealed class History(
    HistoryPeriod period,
    IReadOnlyList<HallEntry> halls,
    IReadOnlyDictionary<int, OpeningHours> hours,
    WorkCalendar calendar,
    int seed,
    int perWeek,
    Incidents incidents
)
{
    /// <summary>
    /// No time zone is more than 14 hours ahead of UTC. So a date begins in a hall at most 14 hours before its midnight
    /// in UTC.
    /// </summary>
    private static readonly TimeSpan FurthestAhead = TimeSpan.FromHours(14);

    private readonly Citizens _citizens = new(halls, seed);
    private readonly Dictionary<int, WeekCurve> _weeks = halls.ToDictionary(h => h.Id, h => new WeekCurve(hours[h.Id]));
    private readonly WeekCurve _always = new(OpeningHours.Always);

    public IEnumerable<SimulatedRating> Ratings()
    {
        var waiting = new List<SimulatedRating>();
        for (
            var (date, last) = (halls.Min(period.FirstOf), halls.Max(period.LastOf));
            date <= last;
            date = date.AddDays(1)
        )
        {
            waiting.AddRange(
                _citizens
                    .Windows.Where(w => IsServed(w, date))
                    .SelectMany(w => OfDay(w, date))
                    .Where(r => !r.Window.Hall.Zone.IsInvalidTime(r.Local))
            );
            waiting = [.. waiting.OrderBy(r => r.Utc)];
            var nextBegins = date.AddDays(1).ToDateTime(TimeOnly.MinValue) - FurthestAhead;
            var due = waiting.TakeWhile(r => r.Utc < nextBegins).Count();
            foreach (var rating in waiting.Take(due))
                yield return rating;
            waiting.RemoveRange(0, due);
        }
        foreach (var rating in waiting)
            yield return rating;
    }

    private bool IsServed(WindowEntry window, DateOnly date) =>
        period.Holds(window.Hall, date) && date != incidents.Outage;

    private IEnumerable<SimulatedRating> OfDay(WindowEntry window, DateOnly date) =>
        window == incidents.Stuffed ? Visits(window, date).Concat(Stuffed(window, date)) : Visits(window, date);

    private IEnumerable<SimulatedRating> Visits(WindowEntry window, DateOnly date)
    {
        if (DayOf(window, date) is not { } day)
            yield break;
        var week = WeekOf(window);
        var expected = perWeek * _citizens.Share(window) * week.Share(day);
        if (expected <= 0)
            yield break;
        // Two random sources, because a change of the opinions must not change the arrivals.
        var (arrivals, opinions) = (DrawsFor(window, date, "arrivals"), DrawsFor(window, date, "opinions"));
        for (var share = Step(); share < 1; share += Step())
        {
            yield return Visit(window, date.ToDateTime(TimeOnly.MinValue).AddSeconds(week.On(day).At(share)), opinions);
        }

        double Step() => -Math.Log(1 - arrivals.NextDouble()) / expected;
    }

    private SimulatedRating Visit(WindowEntry window, DateTime time, Random opinions)
    {
        var isBadWeek = window.Hall == halls[0] && IsoWeek.Of(DateOnly.FromDateTime(time)) == incidents.BadWeek;
        var grade = isBadWeek
            ? WindowCharacter.DrawGradeOfBadWeek(opinions)
            : _citizens.Character(window).DrawGrade(opinions);
        var channel = Citizens.PickChannel(window, opinions);
        var item = opinions.NextDouble() < 0.6 ? Citizens.PickItem(window, opinions) : null;
        return new(window, time, grade, channel, item, Comments.Draw(grade, isBadWeek, opinions));
    }

    private IEnumerable<SimulatedRating> Stuffed(WindowEntry window, DateOnly date)
    {
        var random = DrawsFor(window, date, "stuffing");
        if (DayOf(window, date) is not { } day || WeekOf(window).On(day).QuietMoment(random) is not { } second)
            yield break;
        var time = date.ToDateTime(TimeOnly.MinValue).AddSeconds(second);
        foreach (var gap in Stuffing.Gaps(random))
        {
            yield return new(window, time, Grade.VerySatisfied, Channel.Qr, null, "");
            time = time.AddSeconds(gap);
        }
    }

    /// <summary>
    /// Returns null on holidays, because a hall is closed then. Returns Friday for the Saturdays and Sundays that are
    /// working days instead (调休). Self-service machines ignore both.
    /// </summary>
    private DayOfWeek? DayOf(WindowEntry window, DateOnly date)
    {
        if (window.Window.Kind == WindowKind.SelfService)
            return date.DayOfWeek;
        var days = calendar.Of(IsoWeek.Of(date));
        if (days.Off.Any(d => d.Date == date))
            return null;
        return days.Worked.Any(d => d.Date == date) ? DayOfWeek.Friday : date.DayOfWeek;
    }

    /// <summary>Self-service machines stay open while the hall around them is closed.</summary>
    private WeekCurve WeekOf(WindowEntry window) =>
        window.Window.Kind == WindowKind.SelfService ? _always : _weeks[window.Hall.Id];

    private Random DrawsFor(WindowEntry window, DateOnly date, string what) =>
        Draws.For(
            seed,
            window.Hall.Code,
            window.Number,
            date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            what
        );
}
