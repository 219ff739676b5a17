using System.Globalization;
using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Web.Features.Reports.Pages;

/// <summary>How a report's figures are said: one decimal, “–” for what is not known, and never 100 or 0 by rounding.</summary>
public static class ReportText
{
    public const string Unknown = "–";

    public static string Percent(double? share) => share is { } s ? $"{Number(s)}%" : Unknown;

    public static string Interval(double? low, double? high) => (low, high) is ({ } l, { } h) ? $"{Percent(l)}～{Percent(h)}" : Unknown;

    /// <summary>Without the sign, for columns whose head bears it.</summary>
    public static string Bare(string percents) => percents.Replace("%", "", StringComparison.Ordinal);

    public static string Date(DateOnly date) => string.Create(CultureInfo.InvariantCulture, $"{date.Year}年{date.Month}月{date.Day}日");

    public static string Period(WeeklyReport report) => report.From.Year == report.To.Year
        ? string.Create(CultureInfo.InvariantCulture, $"{Date(report.From)}至{report.To.Month}月{report.To.Day}日")
        : $"{Date(report.From)}至{Date(report.To)}";

    public static int GradeCount(WeeklyReport report, Grade grade) => report.Grades.GetValueOrDefault(Words.Wire(grade));

    private static string Number(double share)
    {
        var rounded = Math.Round(share * 100, 1, MidpointRounding.AwayFromZero);
        if (rounded >= 100 && share < 1) rounded = 99.9;
        if (rounded <= 0 && share > 0) rounded = 0.1;
        return rounded is 0 or 100 ? rounded.ToString("0", CultureInfo.InvariantCulture) : rounded.ToString("0.0", CultureInfo.InvariantCulture);
    }
}
