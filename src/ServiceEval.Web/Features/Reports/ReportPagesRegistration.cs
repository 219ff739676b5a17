using ServiceEval.Web.Features.Reports.Charts;
using ServiceEval.Web.Features.Reports.Quotes;
using ServiceEval.Web.Publishing.Typefaces;

namespace ServiceEval.Web.Features.Reports;

public static class ReportPagesRegistration
{
    /// <summary>Registers <see cref="ReportPages"/> and the services that it needs.</summary>
    public static IServiceCollection AddReportPages(this IServiceCollection services) =>
        services.AddSingleton<ReportFonts>().AddSingleton<QuoteTexts>().AddSingleton<ReportPages>();
}
