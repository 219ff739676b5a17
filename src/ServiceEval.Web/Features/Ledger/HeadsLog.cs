using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Data;
using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Ratings;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>Appends the ledger head to heads.log at start, at most once a minute while it changes, and at stop.</summary>
internal sealed partial class HeadsLog(
    RatingLog ratings, IDbContextFactory<ServiceEvalDb> databases, IOptions<ServiceEvalOptions> options, TimeProvider time, ILogger<HeadsLog> logger)
    : IHostedService, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly string _path = PathIn(options.Value.DataPath);
    private readonly Lock _writing = new();
    private BlockReference? _latest;
    private long _written;
    private ITimer? _timer;

    public static string PathIn(string dataPath) => Path.Combine(dataPath, "heads.log");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ratings.Committed += Note;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var head = await db.LedgerHead.AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        _written = await LastWrittenAsync(cancellationToken);
        if (head is { Sequence: > 0 }) _latest ??= new BlockReference(head.Sequence, head.Hash);
        Write();
        _timer = time.CreateTimer(_ => Write(), null, Pause, Pause);
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        ratings.Committed -= Note;
        Write();
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

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

    private void Note(CommitResult commit)
    {
        lock (_writing) _latest = commit.Head;
    }

    private void Write()
    {
        lock (_writing)
        {
            if (_latest is not { } head || head.Sequence == _written) return;
            try
            {
                var now = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
                File.AppendAllText(_path, string.Create(CultureInfo.InvariantCulture, $"{now} {head.Sequence}:{Convert.ToHexStringLower(head.Hash)}\n"));
                _written = head.Sequence;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Log.NotWritten(logger, head.Sequence, e);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1101, LogLevel.Error, "Ledger head {Sequence} was not appended to heads.log")]
        public static partial void NotWritten(ILogger logger, long sequence, Exception exception);

        [LoggerMessage(1102, LogLevel.Error, "heads.log can't be read")]
        public static partial void NotRead(ILogger logger, Exception exception);
    }
}
