using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Reports.Typefaces;

namespace ServiceEval.Web.Features.Reports.Charts;

/// <summary>
/// A report's charts, as SVG to stand in the page. Null where there is nothing to draw, or no font to measure texts
/// with. ScottPlot and its native library are loaded by the first one.
/// </summary>
public sealed class ReportCharts(ReportFonts fonts)
{
    /// <param name="id">Of the chart in its page; what is in it is named after it.</param>
    public string? Grades(string id, IReadOnlyDictionary<Grade, int> grades) =>
        fonts.ChartFont is { } font && grades.Values.Sum() > 0 ? GradesChart.Draw(new Canvas(id, font), grades) : null;

    /// <param name="rows">From top to bottom; one alone is no chart.</param>
    /// <param name="whole">The rate that they are seen against, with its name.</param>
    public string? Rates(string id, IReadOnlyList<RateDot> rows, (string Name, double Rate)? whole = null) =>
        fonts.ChartFont is { } font && rows.Count > 1 ? RatesChart.Draw(new Canvas(id, font), rows, whole) : null;

    /// <summary>The line of weeks of the first page; one week alone with a rate is no line.</summary>
    public string? Trend(string id, WeeklyReport report) =>
        fonts.ChartFont is { } font && report.Front?.Weeks.Count(w => w.Rate is not null) > 1
            ? TrendChart.Draw(new Canvas(id, font), report)
            : null;

    /// <param name="rows">From top to bottom.</param>
    public string? Contributions(string id, IReadOnlyList<ReportCell> rows) =>
        fonts.ChartFont is { } font && rows.Count > 0 ? ContributionsChart.Draw(new Canvas(id, font), rows) : null;
}

/// <summary>A rate as a dot with its interval as a whisker.</summary>
/// <param name="Note">Said beside it.</param>
public sealed record RateDot(string Label, double Rate, double Low, double High, string Note);
