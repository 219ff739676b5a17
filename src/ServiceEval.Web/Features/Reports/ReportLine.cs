using ServiceEval.Data.Reports;

namespace ServiceEval.Web.Features.Reports;

/// <summary>A report in the list of all.</summary>
public sealed record ReportLine(string Id, string Scope, string Week, int Version, int N, double? Rate, DateTime CompiledAt, string ContentHash)
{
    public static ReportLine Of(Report report)
    {
        var content = WeeklyReport.Parse(report.Json);
        return new(report.Id, report.Scope, report.Week, report.Version, content.N, content.Rate, report.CompiledAt.UtcDateTime, Convert.ToHexStringLower(report.ContentHash));
    }
}
