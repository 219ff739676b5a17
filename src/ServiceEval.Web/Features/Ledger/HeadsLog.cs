using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Core;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Features.Ledger.Keys;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Appends the ledger head to heads.log at start, once a minute if the head has changed, and at stop. Before the head,
/// it appends each key that signs the ledger, once for each key. So a ledger that was signed again by another key is
/// detected. The head is read from the database, because an import in another process moves it too. The ledger must
/// contain the head before, and the block in which a key of this node was admitted. If it does not, an error is logged.
/// </summary>
internal sealed partial class HeadsLog(
    IDbContextFactory<ServiceEvalDb> databases,
    OwnAdmissions admissions,
    IOptions<ServiceEvalOptions> options,
    TimeProvider time,
    ILogger<HeadsLog> logger
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The pause after the keys could not be read. The proof of a key may read all ratings, so it is not tried again
    /// each minute.
    /// </summary>
    private static readonly TimeSpan PauseOfKeys = TimeSpan.FromHours(1);

    private readonly string _path = PathIn(options.Value.DataPath);
    private readonly PeriodicTimer _timer = new(Pause, time);
    private readonly HashSet<string> _keys = [];
    private readonly HashSet<string> _lost = [];
    private Anchor? _last;
    private bool _hasReadKeys;
    private DateTimeOffset _keysWaitUntil;
    private bool _isKeyFileFailing;

    public static string PathIn(string dataPath) => Path.Combine(dataPath, "heads.log");

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _last = await LastAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // The head is noted even if the time that the host has to stop is over.
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

    /// <summary>
    /// Reads the last head. Returns null if nothing was written or the file cannot be read. A head that is noted twice
    /// does no harm, but a host that does not start does.
    /// </summary>
    private async Task<Anchor?> LastAsync(CancellationToken ct)
    {
        try
        {
            if (!File.Exists(_path))
                return null;
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
            var isSame = head.Sequence == _last?.Sequence && head.Hash.AsSpan().SequenceEqual(_last.Hash);
            // At first the keys are read even if the head is the noted one, because a key of this node may be without
            // its note.
            var keys = isSame && _hasReadKeys ? [] : await TryReadKeysAsync(db, head, ct);
            if (_last is { } last)
            {
                if (isSame && keys.Count == 0)
                    return;
                if (!await db.LedgerBlocks.AnyAsync(b => b.Sequence == last.Sequence && b.Hash == last.Hash, ct))
                    Log.NotContained(logger, last.Sequence, head.Sequence);
            }
            if (head.Sequence == 0)
                return;
            var now = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            var text = string.Concat(keys.Select(k => $"{now} {KeptHeads.KeyMark}{k}\n"));
            text += string.Create(
                CultureInfo.InvariantCulture,
                $"{now} {head.Sequence}:{Convert.ToHexStringLower(head.Hash)}\n"
            );
            await File.AppendAllTextAsync(_path, text, CancellationToken.None);
            _keys.UnionWith(keys);
            _last = new Anchor("heads.log", head.Sequence, head.Hash);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // The write is tried again after a minute.
            Log.NotWritten(logger, e);
        }
    }

    /// <summary>Reads the keys. The head is noted even if they cannot be read.</summary>
    private async Task<IReadOnlyList<string>> TryReadKeysAsync(ServiceEvalDb db, LedgerHead head, CancellationToken ct)
    {
        if (time.GetUtcNow() < _keysWaitUntil)
            return [];
        try
        {
            return await ReadKeysAsync(db, head, ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Log.KeysNotRead(logger, e);
            _keysWaitUntil = time.GetUtcNow() + PauseOfKeys;
            return [];
        }
    }

    /// <summary>
    /// Logs which of this node's keys the ledger has lost, and notes where the other keys were admitted.
    /// </summary>
    /// <returns>The fingerprints that the ledger proves and that heads.log does not contain.</returns>
    private async Task<IReadOnlyList<string>> ReadKeysAsync(ServiceEvalDb db, LedgerHead head, CancellationToken ct)
    {
        var proven = await admissions.ProvenAsync(db, _keys, ct);
        try
        {
            foreach (var lost in (await admissions.LostAsync(db, ct)).Where(lost => _lost.Add(lost.Fingerprint)))
                Log.NotAdmitted(logger, lost.Fingerprint, lost.Block.Sequence, head.Sequence);
            await admissions.NoteAsync(proven, ct);
            _isKeyFileFailing = false;
        }
        catch (OperatorException e)
        {
            // A key file may be a read-only secret. Heads and keys are noted in heads.log in spite of that.
            if (!_isKeyFileFailing)
                Log.KeysNotNoted(logger, e.Message);
            _isKeyFileFailing = true;
        }
        _hasReadKeys = true;
        return [.. proven.Select(p => p.Fingerprint).Where(k => !_keys.Contains(k))];
    }

    private static partial class Log
    {
        [LoggerMessage(1101, LogLevel.Error, "The ledger head was not appended to heads.log")]
        public static partial void NotWritten(ILogger logger, Exception exception);

        [LoggerMessage(1102, LogLevel.Error, "heads.log could not be read")]
        public static partial void NotRead(ILogger logger, Exception exception);

        [LoggerMessage(
            1103,
            LogLevel.Critical,
            "Block {Sequence} is in heads.log and not in the ledger, which ends at block {Last}: an older database was put back, or it was altered. Keep it as it is and run `serviceeval verify`"
        )]
        public static partial void NotContained(ILogger logger, long sequence, long last);

        [LoggerMessage(
            1104,
            LogLevel.Critical,
            "The ledger key {Fingerprint} of this node was admitted in block {Sequence}. "
                + "The ledger ends at block {Last} and does not have this block. Either an older database was "
                + "restored, or the ledger was cut off and signed again. Do not change the database, and run "
                + "`serviceeval verify`. If an older backup was restored, run `serviceeval ledger accept` afterwards"
        )]
        public static partial void NotAdmitted(ILogger logger, string fingerprint, long sequence, long last);

        [LoggerMessage(1105, LogLevel.Warning, "The admissions of this node's ledger keys were not noted: {Sentence}")]
        public static partial void KeysNotNoted(ILogger logger, string sentence);

        [LoggerMessage(
            1106,
            LogLevel.Warning,
            "The ledger keys could not be read or proven. Heads are noted without them. The next try is in an hour"
        )]
        public static partial void KeysNotRead(ILogger logger, Exception exception);
    }
}
