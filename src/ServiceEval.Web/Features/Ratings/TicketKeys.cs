using System.Security.Cryptography;
using ServiceEval.Core;
using ServiceEval.Core.Files;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// The keys that sign tickets. A new key is created every ninety days. Older keys no longer sign. They are kept
/// permanently, because a ticket and its receipt must be answered permanently. A ring only grows. If the store has lost
/// keys that this process still knows, they are written back.
/// </summary>
public sealed partial class TicketKeys(TicketKeyStore store, TimeProvider time, ILogger<TicketKeys> logger)
{
    public static readonly TimeSpan Rotation = TimeSpan.FromDays(90);

    // A ticket that names an unknown key can be forged without effort. Such tickets must not cause disk reads.
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
            // If another thread is renewing the key, the last key can still sign. Only for the very first key must a
            // thread wait.
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

    /// <summary>The first key of the ring. It stays the first when new keys are created.</summary>
    public TicketKey Oldest => _keys is [var oldest, ..] ? oldest : Current;

    /// <summary>All keys known here, newest first.</summary>
    public IEnumerable<TicketKey> NewestFirst
    {
        get
        {
            // A key may also be due here, and another node may have created its successor. A receipt may belong to that
            // successor.
            _ = Current;
            return _keys.Reverse();
        }
    }

    /// <summary>Returns the key with this id; null if there is none.</summary>
    public TicketKey? Find(int id)
    {
        // Ids count up from 1 in the order of the file. Another process may have created the key.
        if (id > _keys.Count)
            LookForNewer();
        var keys = _keys;
        return id >= 1 && id <= keys.Count ? keys[id - 1] : null;
    }

    /// <summary>
    /// Reads the ring, or creates its first key. A ring that cannot be used stops the start, so that it does not fail
    /// at the first citizen.
    /// </summary>
    /// <param name="needed">Whether ratings exist whose tickets and receipts only these keys can answer.</param>
    /// <exception cref="OperatorException">The ring is damaged, cannot be read or written, or is missing although it is
    /// needed.</exception>
    public void Open(bool needed)
    {
        try
        {
            if (needed && store.IsMissing)
                throw new OperatorException(store.OnMissing);
            _ = Current;
        }
        catch (Exception e) when (TicketKeyStore.IsOutOfReach(e))
        {
            throw new OperatorException($"{store.Name}不能读写：{FileFaults.Reason(e)}。", e);
        }
    }

    private void LookForNewer()
    {
        // If the keys are in a database that hangs, only one thread waits for it. Forged tickets must not make all
        // other threads wait behind that thread.
        if (!_lock.TryEnter(LookPatience))
            return;
        try
        {
            if (TimeProvider.System.GetElapsedTime(_looked) < LookAgain)
                return;
            Adopt(store.Load());
            _looked = TimeProvider.System.GetTimestamp();
        }
        catch (Exception e) when (e is OperatorException || TicketKeyStore.IsOutOfReach(e))
        {
            // A ticket of a key that cannot be read is treated as forged. Tickets of known keys are still accepted.
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
        catch (Exception e) when (_keys.Count > 0 && (e is OperatorException || TicketKeyStore.IsOutOfReach(e)))
        {
            // An overdue key signs as well as a new one. A page that fails because the disk is full helps no citizen.
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
        [LoggerMessage(1003, LogLevel.Error, "A new ticket key could not be stored. The last key still signs")]
        public static partial void NotRenewed(ILogger logger, Exception exception);

        [LoggerMessage(1004, LogLevel.Error, "The ticket keys could not be read again. The known keys stay in use")]
        public static partial void NotRead(ILogger logger, Exception exception);
    }
}
