using ServiceEval.Core.Places;
using ServiceEval.Web.Components;

namespace ServiceEval.Web.Features.Places;

/// <summary>A hall's opening hours in words. A set may contain only rules for which there are words.</summary>
internal static class OpeningHoursText
{
    private const string Holidays = "PH";
    private const string Always = "24/7";
    private const int DaysOfWeek = 7;

    private static readonly (string Code, string Chinese, string English)[] Days =
    [
        ("Mo", "周一", "Mon"),
        ("Tu", "周二", "Tue"),
        ("We", "周三", "Wed"),
        ("Th", "周四", "Thu"),
        ("Fr", "周五", "Fri"),
        ("Sa", "周六", "Sat"),
        ("Su", "周日", "Sun"),
    ];

    /// <param name="hours">Plain forms of OpenStreetMap's <c>opening_hours</c>, including public holidays.</param>
    /// <returns>The hours in words; null if a rule has another form.</returns>
    public static Bilingual? Of(string hours)
    {
        var rules = hours.Split(';', StringSplitOptions.TrimEntries);
        var words = rules.Select(Rule).OfType<Bilingual>().ToList();
        if (words.Count < rules.Length)
            return null;
        var (chinese, english) = (words.Select(w => w.Chinese), words.Select(w => w.English));
        return new Bilingual(string.Join('；', chinese), string.Join("; ", english));
    }

    private static Bilingual? Rule(string rule)
    {
        if (rule is $"{Holidays} off" or $"{Holidays} closed")
            return new Bilingual("法定节假日不办公", "closed on public holidays");
        if (!OpeningHours.TryParse(rule, out _))
            return null;
        if (rule == Always)
            return new Bilingual("每天24小时", "24 hours, every day");
        var space = char.IsAsciiLetterUpper(rule[0]) ? rule.IndexOf(' ', StringComparison.Ordinal) : 0;
        var (days, spans) = (DaysOf(rule[..space]), rule[space..].Trim());
        if (spans is "off" or "closed")
            return new Bilingual($"{days.Chinese}不办公", $"{days.English} closed".Trim());
        var times = spans.Split(',', StringSplitOptions.TrimEntries);
        return new Bilingual(
            $"{(space == 0 ? "每天" : days.Chinese)} {string.Join('，', times.Select(t => t.Replace('-', '—')))}",
            $"{(space == 0 ? "daily" : days.English)} {string.Join(", ", times.Select(t => t.Replace('-', '–')))}"
        );
    }

    private static Bilingual DaysOf(string list)
    {
        if (list.Length == 0)
            return new("", "");
        var ranges = list.Split(',').Select(Range).ToList();
        return new(string.Join('、', ranges.Select(r => r.Chinese)), string.Join(", ", ranges.Select(r => r.English)));
    }

    private static Bilingual Range(string range)
    {
        var (first, last) = (Place(range[..2]), Place(range[^2..]));
        var (from, to) = (Days[first], Days[last]);
        return ((last - first + DaysOfWeek) % DaysOfWeek) switch
        {
            0 => new(from.Chinese, from.English),
            1 => new($"{from.Chinese}、{to.Chinese}", $"{from.English}, {to.English}"),
            DaysOfWeek - 1 => new("每天", "daily"),
            _ => new($"{from.Chinese}至{to.Chinese}", $"{from.English}–{to.English}"),
        };
    }

    private static int Place(string code) => Array.FindIndex(Days, day => day.Code == code);
}
