using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Publishing.Charts;

namespace ServiceEval.Web.Features.Reports.Charts;

/// <summary>
/// Draws a report's charts as SVG for the page. A method returns null if there is nothing to draw.
/// </summary>
public static class ReportCharts
{
    /// <param name="id">The id of the chart in its page. The ids inside the chart begin with it.</param>
    public static string? Grades(string id, IReadOnlyDictionary<Grade, int> grades) =>
        grades.Values.Sum() > 0 ? GradesChart.Draw(new Drawing(id), grades) : null;

    /// <param name="rows">From top to bottom. One row alone gives no chart.</param>
    /// <param name="whole">The rate that the rows are compared with, and its name.</param>
    public static string? Rates(string id, IReadOnlyList<RateDot> rows, (string Name, double Rate)? whole = null) =>
        rows.Count > 1 ? RatesChart.Draw(new Drawing(id), rows, whole) : null;

    /// <summary>
    /// Draws the trend of weeks for the first page. Returns null if fewer than two weeks have a rate.
    /// </summary>
    public static string? Trend(string id, WeeklyReport report) =>
        report.Front?.Weeks.Count(w => w.Rate is not null) > 1 ? TrendChart.Draw(new Drawing(id), report) : null;

    /// <param name="rows">From top to bottom.</param>
    public static string? Contributions(string id, IReadOnlyList<ReportCell> rows) =>
        rows.Count > 0 ? ContributionsChart.Draw(new Drawing(id), rows) : null;
}

/// <summary>A rate as a dot with its interval as a whisker.</summary>
/// <param name="Note">The text beside the dot.</param>
public sealed record RateDot(string Label, double Rate, double Low, double High, string Note);
