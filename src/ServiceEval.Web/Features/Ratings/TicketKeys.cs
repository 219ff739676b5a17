using System.Security.Cryptography;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// The keys that sign tickets. A new one is drawn every ninety days; older ones sign nothing but are kept for ever, for
/// a ticket and its receipt must answer for ever. A ring only ever grows: what was lost where it is kept and this
/// process still knows is written back.
/// </summary>
public sealed partial class TicketKeys(TicketKeyStore store, TimeProvider time, ILogger<TicketKeys> logger)
{
    public static readonly TimeSpan Rotation = TimeSpan.FromDays(90);

    // Tickets that name a key nobody drew are free to forge; they must not make the disk work.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookPatience = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private volatile IReadOnlyList<TicketKey> _keys = [];
    private long _looked = long.MinValue / 2;
    private long _retryFrom;

    /// <summary>The key that signs now.</summary>
    public TicketKey Current
    {
        get
        {
            if (Usable is { } known)
                return known;
            // Where another is renewing it, the last one signs as well; only the very first has to be waited for.
            if (!_lock.TryEnter(_keys.Count == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.Zero))
                return _keys[^1];
            try
            {
                return Usable ?? Renewed();
            }
            finally
            {
                _lock.Exit();
            }
        }
    }

    private TicketKey? Usable =>
        _keys is [.., var newest] && (!IsDue(newest) || time.GetUtcNow().UtcTicks < Volatile.Read(ref _retryFrom))
            ? newest
            : null;

    /// <summary>The ring's first key, which stays the first whatever is drawn after it.</summary>
    public TicketKey Oldest => _keys is [var oldest, ..] ? oldest : Current;

    /// <summary>Every key known here, the newest first.</summary>
    public IEnumerable<TicketKey> NewestFirst
    {
        get
        {
            // A receipt may be of a key that is due here too, and that another node has drawn.
            _ = Current;
            return _keys.Reverse();
        }
    }

    /// <summary>The key with this id; null if there is none.</summary>
    public TicketKey? Find(int id)
    {
        // Ids count up from 1 in the file's order. Another process may have drawn the key.
        if (id > _keys.Count)
            LookForNewer();
        var keys = _keys;
        return id >= 1 && id <= keys.Count ? keys[id - 1] : null;
    }

    /// <summary>
    /// Reads the ring, or draws its first key, so that one that can't be used stops the start and not the first
    /// citizen.
    /// </summary>
    /// <param name="needed">Ratings exist whose tickets and receipts only these keys answer.</param>
    /// <exception cref="StartException">The ring is damaged, can't be read or written, or is missing although it is
    /// needed.</exception>
    public void Open(bool needed)
    {
        try
        {
            if (needed && store.IsMissing)
                throw new StartException(store.OnMissing);
            _ = Current;
        }
        catch (Exception e) when (TicketKeyStore.IsOutOfReach(e))
        {
            throw new StartException($"{store.Name}不能读写：{FileFaults.Reason(e)}。", e);
        }
    }

    private void LookForNewer()
    {
        // Where keys are in a database that hangs, one thread finds out; forged tickets must not bind all others behind
        // it.
        if (!_lock.TryEnter(LookPatience))
            return;
        try
        {
            if (TimeProvider.System.GetElapsedTime(_looked) < LookAgain)
                return;
            Adopt(store.Load());
            _looked = TimeProvider.System.GetTimestamp();
        }
        catch (Exception e) when (e is StartException || TicketKeyStore.IsOutOfReach(e))
        {
            // A ticket of a key that can't be read is as good as forged; those whose keys are known go on.
            _looked = TimeProvider.System.GetTimestamp();
            Log.NotRead(logger, e);
        }
        finally
        {
            _lock.Exit();
        }
    }

    private TicketKey Renewed()
    {
        try
        {
            return Rotate();
        }
        catch (Exception e) when (_keys.Count > 0 && (e is StartException || TicketKeyStore.IsOutOfReach(e)))
        {
            // A key that is overdue signs as well as ever; a page that fails while the disk is full serves nobody.
            Volatile.Write(ref _retryFrom, (time.GetUtcNow() + RetryAfter).UtcTicks);
            Log.NotRenewed(logger, e);
            return _keys[^1];
        }
    }

    private TicketKey Rotate()
    {
        Adopt(
            store.Extend(kept =>
            {
                Adopt(kept);
                return _keys is [.., var newest] && !IsDue(newest)
                    ? _keys
                    :
                    [
                        .. _keys,
                        new TicketKey(
                            _keys.Count + 1,
                            RandomNumberGenerator.GetBytes(TicketKey.SecretLength),
                            time.GetUtcNow()
                        ),
                    ];
            })
        );
        return _keys[^1];
    }

    private bool IsDue(TicketKey newest) => time.GetUtcNow() - newest.CreatedAt >= Rotation;

    private void Adopt(IReadOnlyList<TicketKey> ring)
    {
        if (ring.Count > _keys.Count)
            _keys = ring;
    }

    private static partial class Log
    {
        [LoggerMessage(1003, LogLevel.Error, "A new ticket key could not be kept; the last one goes on signing")]
        public static partial void NotRenewed(ILogger logger, Exception exception);

        [LoggerMessage(1004, LogLevel.Error, "The ticket keys could not be read anew; those known stay in use")]
        public static partial void NotRead(ILogger logger, Exception exception);
    }
}
