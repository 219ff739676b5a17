using System.Globalization;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Reports.Wording;
using ServiceEval.Web.Publishing.Charts;

namespace ServiceEval.Web.Features.Reports.Charts;

/// <summary>Draws one bar with five parts. The word, share and count of each grade are below the bar.</summary>
internal static class GradesChart
{
    private const int Height = 98;
    private const int BarHeight = 38;
    private const int Patch = 20;

    public static string Draw(Drawing drawing, IReadOnlyDictionary<Grade, int> grades)
    {
        var n = grades.Values.Sum();
        var from = 1.0;
        foreach (var grade in Grades.All.Where(g => grades[g] > 0))
        {
            var width = (Drawing.Width - 2.0) * grades[grade] / n;
            drawing.Box(from, 1, width, BarHeight, Pattern.Of(grade));
            from += width;
        }
        foreach (var (index, grade) in Grades.All.Index())
        {
            var x = 1 + index * (Drawing.Width / Grades.All.Count);
            drawing.Box(x, BarHeight + 18, Patch, Patch, Pattern.Of(grade));
            drawing.Text(Words.Of(grade), x + Patch + 7, BarHeight + 21);
            drawing.Text(
                $"{ReportText.Percent((double)grades[grade] / n)}　{ReportText.Count(grades[grade])}条",
                x + Patch + 7,
                BarHeight + 40
            );
        }
        return drawing.Svg(
            Height,
            string.Create(
                CultureInfo.InvariantCulture,
                $"评价等级构成：{string.Join('，', Grades.All.Select(g => $"{Words.Of(g)}{grades[g]}条"))}"
            )
        );
    }
}
