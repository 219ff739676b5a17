using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ServiceEval.Core.Places;

/// <summary>
/// A week's opening hours, read from the simple forms of OpenStreetMap's <c>opening_hours</c>: <c>Mo-Fr
/// 09:00-12:00,13:30-17:00; Sa 09:00-12:00; Su off; PH off</c> and <c>24/7</c>. Months, hours past midnight and all
/// other forms are not supported. If a text contains one of them, the whole text is rejected.
/// </summary>
internal sealed partial class OpeningHours
{
    /// <summary>The opening hours of a hall that states none, or none that can be read.</summary>
    public static readonly OpeningHours Usual = Parse("Mo-Fr 09:00-17:00");

    public static readonly OpeningHours Always = Parse("24/7");

    private const int DaysOfWeek = 7;
    private const string DayRange = "(Mo|Tu|We|Th|Fr|Sa|Su)(-(Mo|Tu|We|Th|Fr|Sa|Su))?";
    private const string Hours = "[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]";

    private readonly IReadOnlyList<OpenSpan>[] _days =
    [
        [],
        [],
        [],
        [],
        [],
        [],
        [],
    ];

    private OpeningHours() { }

    public IReadOnlyList<OpenSpan> On(DayOfWeek day) => _days[(int)day];

    public static OpeningHours Parse(string text) =>
        TryParse(text, out var hours) ? hours : throw new FormatException($"These opening hours are invalid: {text}");

    public static bool TryParse(string text, [NotNullWhen(true)] out OpeningHours? hours)
    {
        hours = null;
        var read = new OpeningHours();
        var rules = text.Split(';', StringSplitOptions.TrimEntries).ToList();
        // The work calendar knows the public holidays.
        rules.RemoveAll(rule => rule is "PH off" or "PH closed");
        if (rules.Count == 0)
            return false;
        foreach (var rule in rules)
        {
            if (Rule().Match(rule) is not { Success: true } match || Spans(match) is not { } spans)
                return false;
            // OpenStreetMap's rule: a later rule replaces an earlier one on the days that it names.
            foreach (var day in Days(match))
                read._days[day] = spans;
        }
        hours = read;
        return true;
    }

    private static IEnumerable<int> Days(Match rule)
    {
        if (!rule.Groups["days"].Success)
            return Enumerable.Range(0, DaysOfWeek);
        return rule.Groups["days"]
            .Value.Split(',')
            .SelectMany(range =>
            {
                var (first, last) = (Day(range[..2]), Day(range[^2..]));
                return Enumerable
                    .Range(first, ((last - first + DaysOfWeek) % DaysOfWeek) + 1)
                    .Select(day => day % DaysOfWeek);
            });
    }

    private static int Day(string name) => Array.IndexOf(["Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"], name);

    /// <summary>Returns null unless the spans are in ascending order, do not overlap, and end within the day.</summary>
    private static List<OpenSpan>? Spans(Match rule)
    {
        if (rule.Groups["always"].Success)
            return [new(0, OpenSpan.MinutesOfDay)];
        var spans = new List<OpenSpan>();
        foreach (var span in rule.Groups["span"].Captures.Select(c => c.Value))
        {
            var (from, to) = (Minute(span[..5]), Minute(span[^5..]));
            if (from < (spans.Count == 0 ? 0 : spans[^1].To) || to <= from || to > OpenSpan.MinutesOfDay)
                return null;
            spans.Add(new(from, to));
        }
        return spans;
    }

    private static int Minute(string time) =>
        (int.Parse(time[..2], CultureInfo.InvariantCulture) * 60) + int.Parse(time[3..], CultureInfo.InvariantCulture);

    [GeneratedRegex(
        $"\\A(((?<days>{DayRange}(,{DayRange})*) +)?(off|closed|(?<span>{Hours})(, *(?<span>{Hours}))*)|(?<always>24/7))\\z",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Rule();
}

/// <summary>A span of an open day in minutes since midnight; <c>To</c> is exclusive.</summary>
internal readonly record struct OpenSpan(int From, int To)
{
    public const int MinutesOfDay = 24 * 60;
}
