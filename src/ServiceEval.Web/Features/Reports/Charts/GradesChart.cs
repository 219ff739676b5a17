using System.Globalization;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Reports.Pages;
using ServiceEval.Web.Features.Reports.Wording;
using ServiceEval.Web.Publishing.Charts;

namespace ServiceEval.Web.Features.Reports.Charts;

/// <summary>Draws one bar with five parts. The word, share and count of each grade are below the bar.</summary>
internal static class GradesChart
{
    private const int Height = 98;
    private const int BarHeight = 38;
    private const int Patch = 20;

    public static string Draw(Canvas canvas, IReadOnlyDictionary<Grade, int> grades)
    {
        canvas.Blank(Height);
        var n = grades.Values.Sum();
        var from = 1.0;
        foreach (var grade in Grades.All.Where(g => grades[g] > 0))
        {
            var width = (Canvas.Width - 2.0) * grades[grade] / n;
            canvas.Box(from, 1, width, BarHeight, Patterns.Of(grade));
            from += width;
        }
        foreach (var (index, grade) in Grades.All.Index())
        {
            var x = 1 + index * (Canvas.Width / Grades.All.Count);
            canvas.Box(x, BarHeight + 18, Patch, Patch, Patterns.Of(grade));
            canvas.Text(Words.Of(grade), x + Patch + 7, BarHeight + 21);
            canvas.Text(
                $"{ReportText.Percent((double)grades[grade] / n)}　{ReportText.Count(grades[grade])}条",
                x + Patch + 7,
                BarHeight + 40
            );
        }
        return canvas.Svg(
            Height,
            string.Create(
                CultureInfo.InvariantCulture,
                $"评价等级构成：{string.Join('，', Grades.All.Select(g => $"{Words.Of(g)}{grades[g]}条"))}"
            )
        );
    }
}
