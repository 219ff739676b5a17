using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using ServiceEval.Web.Features.Reports.Mail;
using ServiceEval.Web.Features.Reports.Renderings;
using ServiceEval.Web.Features.Reports.Statistics;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Reports;

public static class ReportsFeature
{
    private const int ListLength = 200;
    private const int LongestList = 1000;

    public static IServiceCollection AddReports(this IServiceCollection services)
    {
        services.AddOptions<ReportOptions>().BindConfiguration(ReportOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<ReportOptions>, ReportOptionsCheck>();
        services.AddSingleton(_ => WorkCalendar.Load(Path.Combine(AppContext.BaseDirectory, "seeds", "calendar")));
        services.AddReportMail();
        return services.AddSingleton<ReportCompiler>().AddSingleton<ReportShelf>().AddSingleton<ExpiredMarks>().AddSingleton<ReportSweep>().AddSingleton<ReportPages>().AddSingleton<ReportFiles>();
    }

    public static void MapReports(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/reports", ListAsync).AddEndpointFilter<LoopbackOnly>().WithTags("Reports").WithSummary("The compiled weekly reports, newest first");
        var pages = app.MapGroup("/reports").AddEndpointFilter<LoopbackOnly>().ExcludeFromDescription();
        pages.MapGet("", async (ReportPages page, ReportShelf shelf, MailViews mails, HttpContext http, CancellationToken ct) =>
            await page.ListAsync(await shelf.ListAsync(ListLength, ct), await mails.ReadAsync(ct), http));
        pages.MapGet("/{id}.html", PageAsync);
        pages.MapGet("/{id}.json", FrozenAsync);
    }

    private static async Task<IEnumerable<ReportLine>> ListAsync(ReportShelf shelf, HttpContext http, CancellationToken ct, int limit = ListLength)
    {
        http.Response.Headers.CacheControl = "no-store, private";
        return (await shelf.ListAsync(Math.Clamp(limit, 1, LongestList), ct)).Select(ReportLine.Of);
    }

    private static async Task<IResult> PageAsync(string id, ReportPages page, ReportShelf shelf, HttpContext http, CancellationToken ct) =>
        ReportId.Parse(id) is { } parsed && await shelf.FindAsync(parsed, ct) is { } report
            ? await page.ShowAsync(WeeklyReport.Parse(report.Json), http)
            : TypedResults.NotFound();

    /// <summary>The bytes as they were frozen, so that the content hash can be checked against them.</summary>
    private static async Task<Results<ContentHttpResult, NotFound>> FrozenAsync(string id, ReportShelf shelf, HttpContext http, CancellationToken ct)
    {
        if (ReportId.Parse(id) is not { } parsed || await shelf.FindAsync(parsed, ct) is not { } report) return TypedResults.NotFound();
        http.Response.Headers.CacheControl = "no-store, private";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Content(report.Json, "application/json; charset=utf-8");
    }
}
