namespace ServiceEval.Web.Features.Reports.Renderings;

/// <summary>A report as an XLSX file to reckon on with: what the page says, as real numbers and dates.</summary>
public static class ReportWorkbook
{
    /// <param name="quotes">The texts by rating; what is not in it was erased.</param>
    public static byte[] Write(WeeklyReport report, IReadOnlyDictionary<Guid, string> quotes) =>
        Workbook.Write(
        [
            .. OverviewSheets.Of(report), .. PlaceSheets.Of(report), .. ChangeSheets.Of(report), .. BadSheets.Of(report, quotes), .. QualitySheets.Of(report),
            .. NoteSheets.Of(report),
        ], report.To.AddDays(1));
}
