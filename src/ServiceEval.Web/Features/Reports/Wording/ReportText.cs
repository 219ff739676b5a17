using System.Globalization;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Pages;

namespace ServiceEval.Web.Features.Reports.Wording;

/// <summary>
/// Formats a report's figures: one decimal, and “–” for an unknown figure. Rounding never gives 100 or 0.
/// </summary>
public static class ReportText
{
    public const string Unknown = Signs.None;

    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <param name="instead">The sign that is shown if there is no figure.</param>
    public static string Percent(double? share, string instead = Unknown) => share is { } s ? $"{Number(s)}%" : instead;

    public static string Interval(double? low, double? high, string instead = Unknown) =>
        (low, high) is ({ } l, { } h) ? $"{Percent(l)}～{Percent(h)}" : instead;

    /// <summary>Removes the percent sign, for columns whose header has it.</summary>
    public static string Bare(string percents) => percents.Replace("%", "", StringComparison.Ordinal);

    public static string Count(int? n) => n?.ToString(Plain) ?? Unknown;

    /// <summary>Formats a share without the percent sign. A share of zero ratings is unknown.</summary>
    public static string Share(int? n, int all) =>
        n is { } part && all > 0 ? Bare(Percent((double)part / all)) : Unknown;

    /// <summary>Formats 平均分 with two decimals.</summary>
    public static string Score(double? score, string instead = Unknown) => score?.ToString("0.00", Plain) ?? instead;

    /// <summary>Formats a difference of rates in percentage points with its sign. Zero has no sign.</summary>
    public static string Points(double? difference) => difference is { } d ? Signed(d, 1) : Unknown;

    /// <summary>
    /// Formats a part of a difference to hundredths of a percentage point, so that the parts add up to the sum.
    /// </summary>
    public static string Contribution(double part) => Signed(part, 2);

    public static string Date(DateOnly date) => string.Create(Plain, $"{date.Year}年{date.Month}月{date.Day}日");

    public static string Day(DateOnly date) => string.Create(Plain, $"{date.Month}月{date.Day}日");

    /// <summary>Formats days in their order. Three or more consecutive days become one range: 11月9日至12日.</summary>
    /// <param name="after">Returns the text that follows each named day.</param>
    public static string Days(IReadOnlyList<DateOnly> days, Func<DateOnly, string>? after = null)
    {
        var said = new List<string>();
        for (var i = 0; i < days.Count; i++)
        {
            var last = i;
            while (last + 1 < days.Count && days[last + 1] == days[last].AddDays(1))
                last++;
            if (last - i < 2)
                last = i;
            var end = days[last].Month == days[i].Month ? string.Create(Plain, $"{days[last].Day}日") : Day(days[last]);
            said.Add(
                last == i ? Named(days[i], Day(days[i])) : $"{Named(days[i], Day(days[i]))}至{Named(days[last], end)}"
            );
            i = last;
        }
        return string.Join('、', said);

        string Named(DateOnly day, string text) => text + after?.Invoke(day);
    }

    public static string DayOfWeek(DateOnly date) => $"周{"日一二三四五六"[(int)date.DayOfWeek]}";

    public static string Period(WeeklyReport report) =>
        report.From.Year == report.To.Year
            ? $"{Date(report.From)}至{Day(report.To)}"
            : $"{Date(report.From)}至{Date(report.To)}";

    /// <summary>Returns null if the calendar has all years of the week.</summary>
    public static string? NoCalendar(ReportCalendar calendar) =>
        calendar.UnknownYears.Count == 0
            ? null
            : string.Create(
                Plain,
                $"没有{string.Join('、', calendar.UnknownYears)}年的放假安排数据，不判断本周有几个工作日，与前期比较时也没有排除放假和调休。"
            );

    public static int GradeCount(WeeklyReport report, Grade grade) =>
        report.Grades.GetValueOrDefault(Words.Wire(grade)) ?? 0;

    /// <summary>Formats 1 to 99 as in headings: 一, 十二, 二十.</summary>
    public static string Numeral(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, 99);
        const string Digits = "〇一二三四五六七八九";
        var (tens, ones) = Math.DivRem(number, 10);
        return $"{(tens > 1 ? Digits[tens].ToString() : "")}{(tens > 0 ? "十" : "")}{(ones > 0 ? Digits[ones].ToString() : "")}";
    }

    public static string Band(int? number, string instead = Unknown) => number is { } n ? $"第{Numeral(n)}档" : instead;

    /// <summary>Formats a window's number. A text that is not a number stays as it is.</summary>
    public static string Window(string number) => number.All(char.IsAsciiDigit) ? $"{number}号" : number;

    private static string Signed(double difference, int decimals)
    {
        var rounded = Math.Round(difference * 100, decimals, MidpointRounding.AwayFromZero);
        var zeros = new string('0', decimals);
        return rounded.ToString($"+0.{zeros};−0.{zeros};0.{zeros}", Plain);
    }

    private static string Number(double share)
    {
        var rounded = Math.Round(share * 100, 1, MidpointRounding.AwayFromZero);
        if (rounded >= 100 && share < 1)
            rounded = 99.9;
        if (rounded <= 0 && share > 0)
            rounded = 0.1;
        return rounded is 0 or 100 ? rounded.ToString("0", Plain) : rounded.ToString("0.0", Plain);
    }
}
