using Microsoft.Extensions.Options;

namespace ServiceEval.Web.Features.Reports.Renderings;

/// <summary>
/// Prints the newest reports before anybody asks, one after another, each time a sweep has been through; and removes
/// what is not theirs.
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
    /// Of the newest weeks; an older one is printed when it is asked for, and kept until the next sweep.
    /// </summary>
    private const int Weeks = 2;
    private const int Looked = 200;

    private readonly SemaphoreSlim _wanted = new(0, 1);

    /// <summary>There may be something to print. Costs nothing and may be called at any time.</summary>
    public void Wake()
    {
        try
        {
            _wanted.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
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
                // A report is printed when a reader asks for it, and the next sweep starts this loop again.
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
                // Named first, because the name holds the quotes as they are now: an erased one must not stay in a
                // file.
                names.Add(await printed.NameAsync(report, ct));
                if (options.Value.PrintAhead && printer.CanPrint)
                    await printed.GetAsync(report, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                // Each report by itself: a damaged one keeps neither others from being printed nor old files from being
                // removed.
                Log.Failed(logger, e);
            }
        }
        kept.KeepOnly(names);
    }

    /// <summary>The county's first, for it is read first.</summary>
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
            "Reports were not printed ahead; they are printed when they are asked for"
        )]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
