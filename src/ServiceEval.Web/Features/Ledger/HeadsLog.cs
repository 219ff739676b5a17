using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Data;
using ServiceEval.Data.Ledger;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Appends the ledger head to heads.log at start, once a minute if it has changed, and at stop; before it the keys that sign
/// the ledger, each once, so that a ledger that was signed again by another key is seen. It is read from the database,
/// because an import in a process of its own moves it too. If the ledger does not contain the head before, that is said.
/// </summary>
internal sealed partial class HeadsLog(
    IDbContextFactory<ServiceEvalDb> databases, IOptions<ServiceEvalOptions> options, TimeProvider time, ILogger<HeadsLog> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly string _path = PathIn(options.Value.DataPath);
    private readonly PeriodicTimer _timer = new(Pause, time);
    private readonly HashSet<string> _keys = [];
    private Anchor? _last;

    public static string PathIn(string dataPath) => Path.Combine(dataPath, "heads.log");

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _last = await LastAsync(cancellationToken);
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
        do await NoteAsync(stoppingToken);
        while (await _timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Null where nothing was written or it can't be read: a head noted twice does no harm, a host that won't start does.</summary>
    private async Task<Anchor?> LastAsync(CancellationToken ct)
    {
        try
        {
            if (!File.Exists(_path)) return null;
            var lines = await File.ReadAllLinesAsync(_path, ct);
            _keys.UnionWith(lines.Select(line => KeptHeads.ParseKey("heads.log", line)?.Fingerprint).OfType<string>());
            return lines.Select(line => KeptHeads.Parse("heads.log", line)).OfType<Anchor>().LastOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotRead(logger, e);
            return null;
        }
    }

    private async Task NoteAsync(CancellationToken ct)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync(ct);
            var head = await db.LedgerHead.AsNoTracking().SingleOrDefaultAsync(ct) ?? new LedgerHead();
            if (_last is { } last)
            {
                if (head.Sequence == last.Sequence && head.Hash.AsSpan().SequenceEqual(last.Hash)) return;
                if (!await db.LedgerBlocks.AnyAsync(b => b.Sequence == last.Sequence && b.Hash == last.Hash, ct))
                    Log.NotContained(logger, last.Sequence, head.Sequence);
            }
            if (head.Sequence == 0) return;
            var now = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            var keys = (await db.LedgerKeys.AsNoTracking().OrderBy(k => k.Id).ToListAsync(ct)).ConvertAll(k => k.Fingerprint).Where(k => !_keys.Contains(k)).ToList();
            var text = string.Concat(keys.Select(k => $"{now} {KeptHeads.KeyMark}{k}\n"));
            text += string.Create(CultureInfo.InvariantCulture, $"{now} {head.Sequence}:{Convert.ToHexStringLower(head.Hash)}\n");
            await File.AppendAllTextAsync(_path, text, CancellationToken.None);
            _keys.UnionWith(keys);
            _last = new Anchor("heads.log", head.Sequence, head.Hash);
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

        [LoggerMessage(1103, LogLevel.Critical, "Block {Sequence} is in heads.log and not in the ledger, which ends at block {Last}: an older database was put back, or it was altered. Keep it as it is and run `serviceeval verify`")]
        public static partial void NotContained(ILogger logger, long sequence, long last);
    }
}
