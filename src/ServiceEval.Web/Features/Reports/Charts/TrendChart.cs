using System.Globalization;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Wording;
using ServiceEval.Web.Publishing.Charts;

namespace ServiceEval.Web.Features.Reports.Charts;

/// <summary>
/// Draws a rate by week as a line of dots with their intervals as whiskers. The rate is above each dot and n is below
/// it. A week without a rate is a gap.
/// </summary>
internal static class TrendChart
{
    private const int Height = 112;
    private const double Left = 30;
    private const double Top = 20;
    private const double Bottom = 68;
    private const double Half = 3;

    public static string Draw(Drawing drawing, WeeklyReport report)
    {
        var weeks = report.Front!.Weeks;
        var low = weeks.Min(w => w.Low ?? 1);
        var high = weeks.Max(w => w.High ?? 0);
        double Y(double rate) => Bottom - (rate - low) / Math.Max(high - low, 0.001) * (Bottom - Top);
        double X(int index) => Left + (index + 0.5) * (Drawing.Width - Left) / weeks.Count;

        for (var i = 1; i < weeks.Count; i++)
        {
            if (weeks[i - 1].Rate is { } before && weeks[i].Rate is { } now)
                drawing.Line(X(i - 1), Y(before), X(i), Y(now), Drawing.Grey);
        }
        foreach (var (index, week) in weeks.Index())
            Week(drawing, week, Signs.ForRate(report, week.N), X(index), Y);
        drawing.Text("条数", 0, Height - 24);
        var said = weeks.Select(w => Say(w, Signs.ForRate(report, w.N)));
        return drawing.Svg(Height, $"近{weeks.Count}周好评率及95%置信区间：{string.Join('；', said)}");
    }

    /// <param name="sign">The sign that is shown if there is no rate.</param>
    private static void Week(Drawing drawing, ReportWeek week, string sign, double x, Func<double, double> y)
    {
        drawing.Text(Name(week), x, Height - 6, Anchor.Middle);
        drawing.Text(week.N?.ToString(CultureInfo.InvariantCulture) ?? Signs.None, x, Height - 24, Anchor.Middle);
        if (week is not { Rate: { } rate, Low: { } low, High: { } high })
        {
            drawing.Text(sign, x, (Top + Bottom) / 2, Anchor.Middle);
            return;
        }
        drawing.Line(x, y(low), x, y(high));
        foreach (var end in (double[])[low, high])
            drawing.Line(x - Half, y(end), x + Half, y(end));
        drawing.Dot(x, y(rate));
        drawing.Text(ReportText.Percent(rate), x, y(high) - 10, Anchor.Middle);
    }

    private static string Name(ReportWeek week) =>
        week.Week[(week.Week.IndexOf('W', StringComparison.Ordinal) + 1)..].TrimStart('0') + "周";

    private static string Say(ReportWeek week, string sign) =>
        week.Rate is { } rate
            ? $"第{Name(week)}{ReportText.Percent(rate)}（{ReportText.Interval(week.Low, week.High)}），{week.N}条"
        : week.N is null ? $"第{Name(week)}没有周报"
        : $"第{Name(week)}{week.N}条，{Why(sign)}";

    private static string Why(string sign) =>
        sign switch
        {
            Signs.Few => "条数太少，不计算好评率",
            Signs.Protected => "为保护评价人，不公布好评率",
            _ => "没有好评率",
        };
}
