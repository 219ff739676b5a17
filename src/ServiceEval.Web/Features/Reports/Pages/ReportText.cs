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

    /// <summary>The three to five sentences that a reader in a hurry reads.</summary>
    public static IEnumerable<string> Summary(WeeklyReport report)
    {
        var when = report.Provisional ? "本周截至编制时" : "本周";
        if (report.N == 0)
        {
            yield return $"{when}没有收到有效评价。";
            yield return "没有评价不等于满意，请查看评价码是否张贴、设备是否正常。";
            yield break;
        }
        yield return $"{when}共收到有效评价{report.N}条，其中好评{report.Good}条，差评{report.N - report.Good}条。";
        yield return report.Rate is null
            ? $"有效评价不足{report.MinimumN}条，样本太小，不计算好评率。"
            : $"好评率{Percent(report.Rate)}，95%置信区间{Interval(report.Low, report.High)}。";
        yield return Origin(report);
        yield return Arrival(report);
        yield return Coverage(report);
    }

    public static string NameOf(ReportPlace place) => place.Number is null ? place.Name : $"{place.Number}号 {place.Name}";

    public static int GradeCount(WeeklyReport report, Grade grade) => report.Grades.GetValueOrDefault(Words.Wire(grade));

    private static string Origin(WeeklyReport report)
    {
        var imported = report.Tiers.FirstOrDefault(t => t.Tier == Tier.Imported)?.N ?? 0;
        var active = $"群众主动评价{report.ActiveN}条，占{Percent(report.ActiveShare)}";
        return imported > 0 ? $"{active}；另有导入评价{imported}条，计入总数并单列。" : $"{active}。";
    }

    private static string Arrival(WeeklyReport report)
    {
        var most = report.Channels.MaxBy(c => c.N)!;
        return report.Channels.Count == 1 ? $"评价全部来自{Words.Of(most.Channel)}。" : $"来自{Words.Of(most.Channel)}的评价最多，共{most.N}条。";
    }

    private static string Coverage(WeeklyReport report)
    {
        var places = report.Places.Any(p => p.Number is not null) ? "窗口" : "大厅";
        var (all, rated, enough) = (report.Places.Count, report.Places.Count(p => p.N > 0), report.Places.Count(p => p.Rate is not null));
        return enough == 0 ? $"{all}个{places}中有{rated}个收到评价，都不足以单独计算好评率。" : $"{all}个{places}中有{rated}个收到评价，{enough}个可以单独计算好评率。";
    }

    private static string Number(double share)
    {
        var rounded = Math.Round(share * 100, 1, MidpointRounding.AwayFromZero);
        if (rounded >= 100 && share < 1) rounded = 99.9;
        if (rounded <= 0 && share > 0) rounded = 0.1;
        return rounded is 0 or 100 ? rounded.ToString("0", CultureInfo.InvariantCulture) : rounded.ToString("0.0", CultureInfo.InvariantCulture);
    }
}
