using ServiceEval.Web.Features.Reports.Charts;
using ServiceEval.Web.Features.Reports.Quotes;
using ServiceEval.Web.Features.Reports.Typefaces;

namespace ServiceEval.Web.Features.Reports;

public static class ReportPagesRegistration
{
    /// <summary><see cref="ReportPages"/> with what they are made of.</summary>
    public static IServiceCollection AddReportPages(this IServiceCollection services) =>
        services
            .AddSingleton<ReportFonts>()
            .AddSingleton<ReportCharts>()
            .AddSingleton<QuoteTexts>()
            .AddSingleton<ReportPages>();
}
