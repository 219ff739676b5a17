using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ServiceEval.Core.Calendar;

/// <summary>A week of ISO 8601, Monday to Sunday, written <c>2026-W47</c>.</summary>
public readonly record struct IsoWeek(int Year, int Number)
{
    private const int FirstYear = 2000;
    private const int LastYear = 2999;

    /// <summary>The local time of the hall on Monday at which the reports of the week before are compiled.</summary>
    private static readonly TimeOnly CompilingTime = new(6, 0);

    public DateOnly Monday => DateOnly.FromDateTime(ISOWeek.ToDateTime(Year, Number, DayOfWeek.Monday));
    public DateOnly Sunday => Monday.AddDays(6);
    public IsoWeek Previous => Of(Monday.AddDays(-7));
    public IsoWeek Next => Of(Monday.AddDays(7));

    public static IsoWeek Of(DateOnly date)
    {
        var time = date.ToDateTime(TimeOnly.MinValue);
        return new(ISOWeek.GetYear(time), ISOWeek.GetWeekOfYear(time));
    }

    /// <summary>Returns the week that contains this instant in this time zone.</summary>
    public static IsoWeek Of(DateTimeOffset instant, TimeZoneInfo zone) =>
        Of(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime));

    public static IsoWeek Parse(string text) =>
        TryParse(text, out var week, out var complaint) ? week : throw new FormatException(complaint);

    /// <param name="complaint">A sentence that says what is wrong.</param>
    public static bool TryParse(string? text, out IsoWeek week, [NotNullWhen(false)] out string? complaint)
    {
        week = default;
        if (
            text is not { Length: 8 }
            || text[4..6] != "-W"
            || !IsNumber(text[..4], out var year)
            || !IsNumber(text[6..], out var number)
            || year is < FirstYear or > LastYear
        )
        {
            complaint = $"“{text}”不是周次，应为 2026-W47 这样的写法。";
            return false;
        }
        var last = ISOWeek.GetWeeksInYear(year);
        if (number < 1 || number > last)
        {
            complaint = $"“{text}”不是周次：{year}年只有第1周到第{last}周。";
            return false;
        }
        week = new(year, number);
        complaint = null;
        return true;
    }

    /// <summary>Returns the instant from which the week is compiled: 06:00 on the Monday after the week.</summary>
    public DateTimeOffset CompleteFrom(TimeZoneInfo zone)
    {
        var local = Monday.AddDays(7).ToDateTime(CompilingTime);
        // If a clock change skips 06:00, this local time does not exist. The week then waits for the next local time
        // that exists.
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(15);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }

    /// <summary>Returns this week and all weeks before it, newest first.</summary>
    public IEnumerable<IsoWeek> Backwards()
    {
        for (var week = this; ; week = week.Previous)
            yield return week;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-W{Number:00}");

    private static bool IsNumber(string digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
