using ServiceEval.Core.Reports;
using ServiceEval.Tests.Reports.Renderings;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Counting;

namespace ServiceEval.Tests.Reports;

public sealed class ReportLineTests
{
    private static readonly ReportId Id = new("county", "2026-W47", 2);

    [Fact]
    public void A_report_line_needs_only_the_beginning_of_a_large_report()
    {
        var report = SmallReport.Report with { Items = [.. Enumerable.Repeat(SmallReport.Report.Items[0], 2000)] };

        var line = LineOf(report);

        Assert.Equal((report.Id, report.N, report.Rate), (line.Id, line.N, line.Rate));
    }

    [Fact]
    public void A_rate_over_fewer_ratings_than_a_cohort_is_not_listed() =>
        Assert.Null(LineOf(SmallReport.Report with { N = 4, MinimumN = 1 }).Rate);

    private static ReportLine LineOf(WeeklyReport report)
    {
        var (json, hash) = report.Freeze();
        return ReportLine.Of(Id, TestHost.Start, hash, json[..Math.Min(json.Length, ReportLine.StartLength)]);
    }
}
