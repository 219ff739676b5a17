using Microsoft.Extensions.Options;
using ServiceEval.Core.Reports;
using ServiceEval.Web.Features.Reports.Compiling;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Publishing.Printing;

namespace ServiceEval.Web.Features.Reports.Renderings;

/// <summary>
/// Prints the newest reports in advance, one after another, after each sweep. Removes all files that do not belong to
/// these reports.
/// </summary>
public sealed partial class PrintingAhead(
    PrintedReports printed,
    KeptPdfs kept,
    ReportShelf shelf,
    BrowserPrinter printer,
    IOptions<ReportOptions> options,
    ILogger<PrintingAhead> logger
) : BackgroundService
{
    /// <summary>
    /// The number of newest weeks that are printed in advance. A report of an older week is printed when it is
    /// requested, and its PDF is stored until the next sweep.
    /// </summary>
    private const int Weeks = 2;
    private const int Looked = 200;

    private readonly SemaphoreSlim _wanted = new(0, 1);

    /// <summary>
    /// Signals that there may be something to print. The call costs nothing and is allowed at any time.
    /// </summary>
    public void Wake()
    {
        try
        {
            _wanted.Release();
        }
        catch (SemaphoreFullException)
        {
            // The loop is awake already.
        }
    }

    public override void Dispose()
    {
        _wanted.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _wanted.WaitAsync(stoppingToken);
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // A report is printed when a reader requests it, and the next sweep starts this loop again.
                Log.Failed(logger, e);
            }
        }
    }

    private async Task RunAsync(CancellationToken ct)
    {
        var names = new HashSet<string>();
        foreach (var id in await NewestAsync(ct))
        {
            try
            {
                if (await shelf.FindAsync(id, ct) is not { } row)
                    continue;
                var report = WeeklyReport.Parse(row.Json);
                // The name is computed first, because it depends on the current quotes: an erased quote must not stay
                // in a file.
                names.Add(await printed.NameAsync(report, ct));
                if (options.Value.PrintAhead && printer.CanPrint)
                    await printed.GetAsync(report, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                // A damaged report must not stop the printing of other reports or the removal of old files.
                Log.Failed(logger, e);
            }
        }
        kept.KeepOnly(names);
    }

    /// <summary>Returns the newest reports. The county's report comes first, because it is read first.</summary>
    private async Task<IReadOnlyList<ReportId>> NewestAsync(CancellationToken ct)
    {
        var listed = await shelf.ListAsync(Looked, ct);
        var weeks = listed.Select(r => r.Week).Distinct().Take(Weeks).ToHashSet();
        return
        [
            .. listed
                .Where(r => weeks.Contains(r.Week))
                .DistinctBy(r => (r.Week, r.Scope))
                .Select(r => new ReportId(r.Scope, r.Week, r.Version)),
        ];
    }

    private static partial class Log
    {
        [LoggerMessage(
            4010,
            LogLevel.Warning,
            "Reports could not be printed in advance; they are printed when they are requested"
        )]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
