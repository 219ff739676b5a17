using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Data;
using ServiceEval.Data.Ledger;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Appends the ledger head to heads.log at start, once a minute if it has changed, and at stop. It is read from the database,
/// because an import in a process of its own moves it too.
/// </summary>
internal sealed partial class HeadsLog(
    IDbContextFactory<ServiceEvalDb> databases, IOptions<ServiceEvalOptions> options, TimeProvider time, ILogger<HeadsLog> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly string _path = PathIn(options.Value.DataPath);
    private readonly PeriodicTimer _timer = new(Pause, time);
    private long _written;

    public static string PathIn(string dataPath) => Path.Combine(dataPath, "heads.log");

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _written = await LastWrittenAsync(cancellationToken);
        await NoteAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // Also by a host whose time to stop is over.
        await NoteAsync(CancellationToken.None);
    }

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _timer.WaitForNextTickAsync(stoppingToken)) await NoteAsync(stoppingToken);
    }

    private static long Sequence(string line) => Anchor.Parse("", line[(line.LastIndexOf(' ') + 1)..])?.Sequence ?? 0;

    /// <summary>0 where nothing was written or it can't be read: a head noted twice does no harm, a host that won't start does.</summary>
    private async Task<long> LastWrittenAsync(CancellationToken ct)
    {
        try
        {
            return File.Exists(_path) ? (await File.ReadAllLinesAsync(_path, ct)).Select(Sequence).LastOrDefault() : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotRead(logger, e);
            return 0;
        }
    }

    private async Task NoteAsync(CancellationToken ct)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync(ct);
            if (await db.LedgerHead.AsNoTracking().SingleOrDefaultAsync(ct) is not { Sequence: > 0 } head || head.Sequence == _written) return;
            var now = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            await File.AppendAllTextAsync(_path, string.Create(CultureInfo.InvariantCulture, $"{now} {head.Sequence}:{Convert.ToHexStringLower(head.Hash)}\n"), CancellationToken.None);
            _written = head.Sequence;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // The next minute tries again.
            Log.NotWritten(logger, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1101, LogLevel.Error, "The ledger head was not appended to heads.log")]
        public static partial void NotWritten(ILogger logger, Exception exception);

        [LoggerMessage(1102, LogLevel.Error, "heads.log can't be read")]
        public static partial void NotRead(ILogger logger, Exception exception);
    }
}
