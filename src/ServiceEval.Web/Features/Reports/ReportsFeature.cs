using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using ServiceEval.Core.Reports;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports.Compiling;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Mail;
using ServiceEval.Web.Features.Reports.Pages;
using ServiceEval.Web.Features.Reports.Renderings;
using ServiceEval.Web.Http;
using ServiceEval.Web.Publishing.Printing;

namespace ServiceEval.Web.Features.Reports;

public static class ReportsFeature
{
    private const int ListLength = 200;
    private const int LongestList = 1000;

    public static IServiceCollection AddReports(this IServiceCollection services)
    {
        services
            .AddOptions<ReportOptions>()
            .BindConfiguration(ReportOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<ReportOptions>, ReportOptionsCheck>();
        services.AddSingleton<IValidateOptions<ReportOptions>, ReportPasswordCheck>().AddSingleton<ReportPassword>();
        services.AddSingleton(_ => CalendarFiles.Load(Path.Combine(AppContext.BaseDirectory, "seeds", "calendar")));
        services
            .AddSingleton<Browser>()
            .AddSingleton<BrowserPrinter>()
            .AddSingleton<KeptPdfs>()
            .AddSingleton<PrintedReports>()
            .AddSingleton<ReportFiles>();
        services
            .AddSingleton<PrintingAhead>()
            .AddHostedService(provider => provider.GetRequiredService<PrintingAhead>());
        services.AddReportMail();
        return services
            .AddReportHtml()
            .AddSingleton<ReportPages>()
            .AddSingleton<ReportCompiler>()
            .AddSingleton<ReportShelf>()
            .AddSingleton<ExpiredMarks>()
            .AddSingleton<ReportSweep>()
            .AddHostedService<ReportMetrics>();
    }

    public static void MapReports(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/reports", ListAsync)
            .OnlyFromThisMachine()
            .WithTags("Reports")
            .WithSummary("The compiled weekly reports, newest first");
        var pages = app.MapGroup("/reports").OnlyForReportReaders().ExcludeFromDescription();
        pages.MapGet(
            "",
            async (
                ReportPages page,
                ReportShelf shelf,
                ReportFiles files,
                MailViews mails,
                HttpContext http,
                CancellationToken ct
            ) => await page.ListAsync(await shelf.ListAsync(ListLength, ct), files, await mails.ReadAsync(ct), http)
        );
        pages.MapGet("/{id}.html", PageAsync);
        pages.MapGet("/{id}.pdf", PdfAsync);
        pages.MapGet("/{id}.xlsx", XlsxAsync);
        pages.MapGet("/{id}.json", FrozenAsync);
    }

    private static async Task<IEnumerable<ReportLine>> ListAsync(
        ReportShelf shelf,
        HttpContext http,
        CancellationToken ct,
        int limit = ListLength
    )
    {
        http.Response.ForbidStoring();
        return await shelf.ListAsync(Math.Clamp(limit, 1, LongestList), ct);
    }

    private static async Task<IResult> PageAsync(
        string id,
        ReportPages page,
        ReportShelf shelf,
        HttpContext http,
        CancellationToken ct
    ) =>
        await FindAsync(id, shelf, ct) is { } report
            ? await page.ShowAsync(WeeklyReport.Parse(report.Json), http)
            : TypedResults.NotFound();

    /// <summary>
    /// Returns the PDF. A browser gets the progress of the print job. A program waits for the end of the print job.
    /// </summary>
    private static async Task<IResult> PdfAsync(
        string id,
        ReportFiles files,
        ReportPages page,
        ReportShelf shelf,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (await FindAsync(id, shelf, ct) is not { } row)
            return TypedResults.NotFound();
        var report = WeeklyReport.Parse(row.Json);
        var isRead = http.Request.GetTypedHeaders().Accept.Any(type => type.MediaType == "text/html");
        var (file, whyNot, progress) =
            isRead && files.CanPrint ? await files.AskForPdfAsync(report, ct) : await WaitAsync();
        if (progress is not null)
            return await page.ShowPrintingAsync(report, progress, http);
        if (file is not null)
            return Download(file);
        return (files.CanPrint ? ReportProblems.NotPrinted(whyNot!) : ReportProblems.NoPdf(whyNot!)).ToResult(http);

        async Task<(ReportFile?, string?, PdfProgress?)> WaitAsync()
        {
            var (printed, why) = await files.PdfAsync(report, ct);
            return (printed, why, null);
        }
    }

    private static async Task<IResult> XlsxAsync(
        string id,
        ReportFiles files,
        ReportShelf shelf,
        CancellationToken ct
    ) =>
        await FindAsync(id, shelf, ct) is { } report
            ? Download(await files.XlsxAsync(WeeklyReport.Parse(report.Json), ct))
            : TypedResults.NotFound();

    /// <summary>Returns the bytes as they were frozen, so that the content hash can be checked against them.</summary>
    private static async Task<Results<ContentHttpResult, NotFound>> FrozenAsync(
        string id,
        ReportShelf shelf,
        CancellationToken ct
    ) =>
        await FindAsync(id, shelf, ct) is { } report
            ? TypedResults.Content(report.Json, "application/json; charset=utf-8")
            : TypedResults.NotFound();

    private static async Task<Report?> FindAsync(string id, ReportShelf shelf, CancellationToken ct) =>
        ReportId.Parse(id) is { } parsed ? await shelf.FindAsync(parsed, ct) : null;

    private static FileContentHttpResult Download(ReportFile file) =>
        TypedResults.File(file.Content, file.MediaType, file.Name);
}
