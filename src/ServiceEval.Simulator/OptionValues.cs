using System.CommandLine.Parsing;
using System.Globalization;
using ServiceEval.Core.Calendar;

namespace ServiceEval.Simulator;

/// <summary>
/// Parses the options of <c>simulate</c>. A value that cannot be parsed gives an error of one sentence.
/// </summary>
internal static class OptionValues
{
    private const int DaysOfWeek = 7;
    private const int MostDays = 520 * DaysOfWeek;

    public static Func<ArgumentResult, T> Number<T>(Func<T, bool> isWithin, string complaint)
        where T : struct, ISpanParsable<T> =>
        result =>
        {
            if (T.TryParse(Text(result), CultureInfo.InvariantCulture, out var number) && isWithin(number))
                return number;
            result.AddError(complaint);
            return default;
        };

    public static TimeSpan Duration(ArgumentResult result)
    {
        var text = Text(result);
        if (
            text.Length > 1
            && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            && amount > 0
        )
        {
            switch (text[^1])
            {
                case 's':
                    return TimeSpan.FromSeconds(amount);
                case 'm':
                    return TimeSpan.FromMinutes(amount);
                case 'h':
                    return TimeSpan.FromHours(amount);
            }
        }
        result.AddError($"--for “{text}”不是时长，应如 30s、5m、2h。");
        return default;
    }

    /// <summary>Returns the number of days in a text such as <c>10d</c> or <c>8w</c>.</summary>
    public static int? Days(ArgumentResult result)
    {
        var text = Text(result);
        if (
            text.Length > 1
            && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            && amount is >= 1 and <= MostDays
        )
        {
            var days = text[^1] switch
            {
                'd' => amount,
                'w' => amount * DaysOfWeek,
                _ => 0,
            };
            if (days is >= 1 and <= MostDays)
                return days;
        }
        result.AddError($"--history “{text}”应如 10d（天）、8w（周），最短1天，最长520周。");
        return null;
    }

    public static DateOnly? Date(ArgumentResult result)
    {
        var text = Text(result);
        if (
            DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && date.Year >= 2000
        )
            return date;
        result.AddError($"“{text}”不是日期，应为 2026-11-18 这样的写法，且不早于2000年。");
        return null;
    }

    public static IsoWeek? Week(ArgumentResult result)
    {
        if (IsoWeek.TryParse(Text(result), out var week, out var complaint))
            return week;
        result.AddError(complaint);
        return null;
    }

    /// <summary>Parses a window's number, which may be followed by @ and its hall's code.</summary>
    public static (string Number, string? Hall)? WindowNumber(ArgumentResult result)
    {
        switch (Text(result).Split('@'))
        {
            case [{ Length: > 0 } number]:
                return (number, null);
            case [{ Length: > 0 } number, { Length: > 0 } hall]:
                return (number, hall);
        }
        result.AddError($"--stuffing “{Text(result)}”应为窗口号，或窗口号@大厅编码，如 3、3@puyang。");
        return null;
    }

    private static string Text(ArgumentResult result) => result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
}
