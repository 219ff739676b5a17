using ScottPlot;
using ServiceEval.Web.Features.Reports.Pages;
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

    public static string Draw(Canvas canvas, IReadOnlyList<RateDot> rows, (string Name, double Rate)? whole)
    {
        canvas.Rows([.. rows.Select(r => (r.Label, r.Note))]);
        Scale(canvas, rows.Min(r => r.Low));
        if (whole is { } line)
        {
            canvas.Plot.Add.VerticalLine(line.Rate, 1, Canvas.Ink, LinePattern.Dashed);
        }
        foreach (var (index, row) in rows.Index())
        {
            canvas.Plot.Add.Line(row.Low, index, row.High, index).LineStyle = new()
            {
                Color = Canvas.Ink,
                Width = 1.5f,
            };
            foreach (var end in (double[])[row.Low, row.High])
                canvas.Plot.Add.Line(end, index - 0.2, end, index + 0.2).LineStyle = new()
                {
                    Color = Canvas.Ink,
                    Width = 1.5f,
                };
            canvas.Plot.Add.Marker(row.Rate, index, MarkerShape.FilledCircle, 8, Canvas.Ink);
        }
        var against = whole is { } all ? $"；{all.Name}{ReportText.Percent(all.Rate)}" : "";
        return canvas.Svg(
            Canvas.HeightOf(rows.Count, RowHeight),
            $"好评率及95%置信区间：{string.Join('；', rows.Select(r => $"{r.Label}{ReportText.Percent(r.Rate)}（{ReportText.Interval(r.Low, r.High)}）"))}{against}"
        );
    }

    private static void Scale(Canvas canvas, double lowest)
    {
        var step = Steps.First(s => (1 - lowest) / s <= 6 || s == Steps[^1]);
        var from = Math.Max(0, Math.Floor(lowest / step - 0.01) * step);
        var count = (int)Math.Round((1 - from) / step);
        // The scale ends a little above 100%, so that a dot at 100% is not cut off.
        canvas.Scale(
            from - step / 20,
            1 + (1 - from) / 60,
            Enumerable.Range(0, count + 1).Select(i => 1 - i * step).Select(at => (at, $"{Math.Round(at * 100)}%"))
        );
    }
}
