using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Quotes;
using ServiceEval.Web.Publishing.Workbooks;

namespace ServiceEval.Web.Features.Reports.Renderings;

/// <summary>
/// Writes a report as an XLSX file for calculations. It has the content of the page as real numbers and dates.
/// </summary>
public static class ReportWorkbook
{
    /// <param name="quotes">The report's quotes with their texts.</param>
    public static byte[] Write(WeeklyReport report, IReadOnlyList<Quote> quotes) =>
        Workbook.Write(
            [
                .. OverviewSheets.Of(report),
                .. PlaceSheets.Of(report),
                .. FrontSheets.Of(report),
                .. ChangeSheets.Of(report),
                .. BadSheets.Of(report, quotes),
                .. QualitySheets.Of(report),
                .. NoteSheets.Of(report),
            ],
            report.To.AddDays(1),
            report.Title
        );
}
