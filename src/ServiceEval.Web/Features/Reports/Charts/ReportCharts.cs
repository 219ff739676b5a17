using ServiceEval.Core.Ratings;
using ServiceEval.Web.Publishing.Charts;
using ServiceEval.Web.Publishing.Typefaces;

namespace ServiceEval.Web.Features.Reports.Charts;

/// <summary>
/// Draws a report's charts as SVG for the page. A method returns null if there is nothing to draw, or if there is no
/// font to measure texts with. The first chart loads ScottPlot and its native library.
/// </summary>
public sealed class ReportCharts(ReportFonts fonts)
{
    /// <param name="id">The id of the chart in its page. The ids inside the chart begin with it.</param>
    public string? Grades(string id, IReadOnlyDictionary<Grade, int> grades) =>
        fonts.ChartFont is { } font && grades.Values.Sum() > 0 ? GradesChart.Draw(new Canvas(id, font), grades) : null;

    /// <param name="rows">From top to bottom. One row alone gives no chart.</param>
    /// <param name="whole">The rate that the rows are compared with, and its name.</param>
    public string? Rates(string id, IReadOnlyList<RateDot> rows, (string Name, double Rate)? whole = null) =>
        fonts.ChartFont is { } font && rows.Count > 1 ? RatesChart.Draw(new Canvas(id, font), rows, whole) : null;

    /// <summary>
    /// Draws the trend of weeks for the first page. Returns null if fewer than two weeks have a rate.
    /// </summary>
    public string? Trend(string id, WeeklyReport report) =>
        fonts.ChartFont is { } font && report.Front?.Weeks.Count(w => w.Rate is not null) > 1
            ? TrendChart.Draw(new Canvas(id, font), report)
            : null;

    /// <param name="rows">From top to bottom.</param>
    public string? Contributions(string id, IReadOnlyList<ReportCell> rows) =>
        fonts.ChartFont is { } font && rows.Count > 0 ? ContributionsChart.Draw(new Canvas(id, font), rows) : null;
}

/// <summary>A rate as a dot with its interval as a whisker.</summary>
/// <param name="Note">The text beside the dot.</param>
public sealed record RateDot(string Label, double Rate, double Low, double High, string Note);
