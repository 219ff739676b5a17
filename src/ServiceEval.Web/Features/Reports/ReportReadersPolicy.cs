using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Reports;

internal static class ReportReadersPolicy
{
    /// <summary>Only those who may read the reports get an answer.</summary>
    public static RouteGroupBuilder OnlyForReportReaders(this RouteGroupBuilder routes) =>
        routes.AddEndpointFilter<ReportReaders>().WithMetadata(new RoutePolicy("report-readers"));
}
