using ServiceEval.Web.Features.Reports.Wording;
using ServiceEval.Web.Publishing.Charts;

namespace ServiceEval.Web.Features.Reports.Charts;

/// <summary>
/// Draws rates as dots with their intervals as whiskers, one rate in each row. The scale does not have to begin at
/// zero.
/// </summary>
internal static class RatesChart
{
    private const int RowHeight = 21;
    private static readonly double[] Steps = [0.01, 0.02, 0.05, 0.1, 0.2];

    public static string Draw(Drawing drawing, IReadOnlyList<RateDot> rows, (string Name, double Rate)? whole)
    {
        var (scale, ticks) = Scale(rows.Min(r => r.Low));
        var chart = new RowChart(drawing, [.. rows.Select(r => (r.Label, r.Note))], RowHeight, scale, ticks);
        if (whole is { } line)
            drawing.Dashed(chart.X(line.Rate), 0, chart.Y(rows.Count - 0.5));
        foreach (var (index, row) in rows.Index())
        {
            drawing.Line(chart.X(row.Low), chart.Y(index), chart.X(row.High), chart.Y(index));
            foreach (var end in (double[])[row.Low, row.High])
                drawing.Line(chart.X(end), chart.Y(index - 0.2), chart.X(end), chart.Y(index + 0.2));
            drawing.Dot(chart.X(row.Rate), chart.Y(index));
        }
        var against = whole is { } all ? $"；{all.Name}{ReportText.Percent(all.Rate)}" : "";
        return drawing.Svg(
            chart.Height,
            $"好评率及95%置信区间：{string.Join('；', rows.Select(r => $"{r.Label}{ReportText.Percent(r.Rate)}（{ReportText.Interval(r.Low, r.High)}）"))}{against}"
        );
    }

    private static ((double From, double To) Scale, IEnumerable<(double At, string Label)> Ticks) Scale(double lowest)
    {
        var step = Steps.First(s => (1 - lowest) / s <= 6 || s == Steps[^1]);
        var from = Math.Max(0, Math.Floor(lowest / step - 0.01) * step);
        var count = (int)Math.Round((1 - from) / step);
        // The scale ends a little above 100%, so that a dot at 100% is not cut off.
        return (
            (from - step / 20, 1 + (1 - from) / 60),
            Enumerable.Range(0, count + 1).Select(i => 1 - i * step).Select(at => (at, $"{Math.Round(at * 100)}%"))
        );
    }
}
