using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Wording;
using ServiceEval.Web.Publishing.Charts;

namespace ServiceEval.Web.Features.Reports.Charts;

/// <summary>
/// Draws contributions in percentage points. Bars to the left lowered the rate, bars to the right raised it. Each row
/// has two bars.
/// </summary>
internal static class ContributionsChart
{
    private const int RowHeight = 30;
    private const double Thickness = 0.34;
    private static readonly double[] Steps = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25];

    public static string Draw(Drawing drawing, IReadOnlyList<ReportCell> rows)
    {
        var most = rows.Max(r => Math.Max(Math.Abs(r.Mix), Math.Abs(r.Rate)));
        var step = Step(most);
        var reach = Math.Ceiling(most / step) * step;
        var chart = new RowChart(
            drawing,
            [.. rows.Select(r => (Shorten(r.Name), ReportText.Contribution(r.Mix + r.Rate)))],
            RowHeight,
            (-reach, reach),
            Enumerable
                .Range(-(int)Math.Round(reach / step), 2 * (int)Math.Round(reach / step) + 1)
                .Select(i => (i * step, ReportText.Points(i * step)))
        );
        foreach (var (index, row) in rows.Index())
        {
            Bar(index - Thickness, row.Rate, Pattern.Rate);
            Bar(index, row.Mix, Pattern.Mix);
        }
        drawing.Line(chart.X(0), 0, chart.X(0), chart.Y(rows.Count - 0.5), width: 1);
        return drawing.Svg(chart.Height, $"对好评率变化的贡献（百分点）：{string.Join('；', rows.Select(Say))}");

        void Bar(double top, double value, Pattern fill)
        {
            var (from, to) = (chart.X(Math.Min(0, value)), chart.X(Math.Max(0, value)));
            drawing.Box(from, chart.Y(top), to - from, Thickness * RowHeight, fill);
        }
    }

    /// <summary>Returns the step between ticks. There are at most four ticks on each side.</summary>
    private static double Step(double most) => Steps.First(s => most / s <= 4 || s == Steps[^1]);

    private static string Say(ReportCell row) =>
        $"{row.Name}合计{ReportText.Contribution(row.Mix + row.Rate)}，其中好评率变化{ReportText.Contribution(row.Rate)}、构成变化{ReportText.Contribution(row.Mix)}";

    private static string Shorten(string name) => name.Length > 20 ? $"{name[..19]}…" : name;
}
