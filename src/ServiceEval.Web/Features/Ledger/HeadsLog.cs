using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Data;
using ServiceEval.Data.Ledger;
using ServiceEval.Web.Features.Ledger.Keys;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Appends the ledger head to heads.log at start, once a minute if it has changed, and at stop; before it the keys that
/// sign the ledger, each once, so that a ledger that was signed again by another key is seen. It is read from the
/// database, because an import in a process of its own moves it too. If the ledger does not contain the head before, or
/// the block in which a key of this node was admitted, that is said.
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

    private readonly string _path = PathIn(options.Value.DataPath);
    private readonly PeriodicTimer _timer = new(Pause, time);
    private readonly HashSet<string> _keys = [];
    private readonly HashSet<string> _lost = [];
    private Anchor? _last;
    private bool _hasReadKeys;
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

    /// <summary>
    /// Null where nothing was written or it can't be read: a head noted twice does no harm, a host that won't start
    /// does.
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
            // The first time also where the head is the noted one: a key of this node may be without its note.
            var keys = isSame && _hasReadKeys ? [] : await ReadKeysAsync(db, head, ct);
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
            // The next minute tries again.
            Log.NotWritten(logger, e);
        }
    }

    /// <summary>Says which of this node's keys the ledger has lost, and notes where the others were admitted.</summary>
    /// <returns>Fingerprints that the ledger proves and heads.log does not have.</returns>
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
        catch (StartException e)
        {
            // A key file may be a secret that can only be read. Heads and keys are noted in heads.log all the same.
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

        [LoggerMessage(1102, LogLevel.Error, "heads.log can't be read")]
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
            "The ledger key {Fingerprint} of this node was admitted in block {Sequence}, "
                + "and the ledger, which ends at block {Last}, does not have this block: an older database was put back, or the "
                + "ledger was cut off and signed again. Keep it as it is and run `serviceeval verify`; if an older backup was "
                + "restored, run `serviceeval ledger accept` after it"
        )]
        public static partial void NotAdmitted(ILogger logger, string fingerprint, long sequence, long last);

        [LoggerMessage(1105, LogLevel.Warning, "Where this node's ledger keys were admitted was not noted: {Sentence}")]
        public static partial void KeysNotNoted(ILogger logger, string sentence);
    }
}
