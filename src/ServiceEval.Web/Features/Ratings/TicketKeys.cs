using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// The keys that sign tickets, in the data directory. A new one is drawn every ninety days; older ones sign nothing but
/// are kept for ever, for a ticket and its receipt must answer for ever. A ring only ever grows: what the file has lost
/// and this process still knows is written back.
/// </summary>
public sealed partial class TicketKeys(IOptions<ServiceEvalOptions> options, TimeProvider time, ILogger<TicketKeys> logger)
{
    public static readonly TimeSpan Rotation = TimeSpan.FromDays(90);

    // Tickets that name a key nobody drew are free to forge; they must not make the disk work.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);
    private const int SecretLength = 32;

    private readonly Lock _lock = new();
    private volatile IReadOnlyList<TicketKey> _keys = [];
    private long _looked = long.MinValue / 2;
    private long _retryFrom;

    private string Folder => Path.Combine(options.Value.DataPath, "keys");
    private string FilePath => Path.Combine(Folder, "ticket-keys.json");

    /// <summary>The key that signs now.</summary>
    public TicketKey Current
    {
        get
        {
            if (Usable is { } known) return known;
            // Whoever waited for another's renewal finds what came of it.
            lock (_lock) return Usable ?? Renewed();
        }
    }

    private TicketKey? Usable =>
        _keys is [.., var newest] && (!IsDue(newest) || time.GetUtcNow().UtcTicks < Volatile.Read(ref _retryFrom)) ? newest : null;

    /// <summary>The ring's first key, which stays the first whatever is drawn after it.</summary>
    public TicketKey Oldest => _keys is [var oldest, ..] ? oldest : Current;

    /// <summary>Every key known here, the newest first.</summary>
    public IEnumerable<TicketKey> NewestFirst => _keys.Reverse();

    /// <summary>The key with this id; null if there is none.</summary>
    public TicketKey? Find(int id)
    {
        // Ids count up from 1 in the file's order. Another process may have drawn the key.
        if (id > _keys.Count) LookForNewer();
        var keys = _keys;
        return id >= 1 && id <= keys.Count ? keys[id - 1] : null;
    }

    /// <summary>Reads the ring, or draws its first key, so that a file that can't be used stops the start and not the first citizen.</summary>
    /// <param name="needed">Ratings exist whose tickets and receipts only these keys answer.</param>
    /// <exception cref="StartException">The file is damaged, can't be read or written, or is missing although it is needed.</exception>
    public void Open(bool needed)
    {
        if (needed && !File.Exists(FilePath))
            throw new StartException($"已有评价，但票据密钥文件 {FilePath} 不见了。请从备份恢复；如确已丢失，新建内容为 [] 的同名文件后再启动，此前打开的评价页面、重复提交和已给出的回执将无法核对。");
        try
        {
            _ = Current;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"票据密钥文件 {FilePath} 不能读写：{e.Message}", e);
        }
    }

    /// <summary>Every key that is kept, for whoever only looks; none is drawn.</summary>
    /// <exception cref="StartException">The file is damaged.</exception>
    public IReadOnlyList<TicketKey> Read() => Load();

    private void LookForNewer()
    {
        lock (_lock)
        {
            if (TimeProvider.System.GetElapsedTime(_looked) < LookAgain) return;
            _looked = TimeProvider.System.GetTimestamp();
            try
            {
                Adopt(Load());
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or StartException)
            {
                // A ticket of a key that can't be read is as good as forged; those whose keys are known go on.
                Log.NotRead(logger, e);
            }
        }
    }

    private TicketKey Renewed()
    {
        try
        {
            return Rotate();
        }
        catch (Exception e) when (_keys.Count > 0 && e is (IOException or UnauthorizedAccessException or StartException))
        {
            // A key that is overdue signs as well as ever; a page that fails while the disk is full serves nobody.
            Volatile.Write(ref _retryFrom, (time.GetUtcNow() + RetryAfter).UtcTicks);
            Log.NotRenewed(logger, e);
            return _keys[^1];
        }
    }

    private TicketKey Rotate()
    {
        Directory.CreateDirectory(Folder);
        using var turn = TakeTurn();
        Adopt(Load());
        if (_keys is [.., var newest] && !IsDue(newest)) return newest;
        IReadOnlyList<TicketKey> renewed = [.. _keys, new TicketKey(_keys.Count + 1, RandomNumberGenerator.GetBytes(SecretLength), time.GetUtcNow())];
        Save(renewed);
        Adopt(renewed);
        return renewed[^1];
    }

    private bool IsDue(TicketKey newest) => time.GetUtcNow() - newest.CreatedAt >= Rotation;

    private void Adopt(IReadOnlyList<TicketKey> ring)
    {
        if (ring.Count > _keys.Count) _keys = ring;
    }

    /// <summary>Of two processes on one data directory, one draws and the other then finds what it drew.</summary>
    private FileStream TakeTurn()
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(Folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(start) < LockPatience)
            {
                Thread.Yield();
            }
        }
    }

    private IReadOnlyList<TicketKey> Load()
    {
        if (!File.Exists(FilePath)) return [];
        try
        {
            var keys = JsonSerializer.Deserialize<IReadOnlyList<TicketKey>>(File.ReadAllBytes(FilePath));
            return keys is not null && keys.Index().All(k => IsSound(k.Item, k.Index + 1)) ? keys : throw Damaged("缺少密钥", null);
        }
        catch (JsonException e)
        {
            throw Damaged(e.Message, e);
        }
    }

    private static bool IsSound(TicketKey? key, int id) => key?.Id == id && key.Secret?.Length == SecretLength;

    private StartException Damaged(string how, Exception? inner) =>
        new($"票据密钥文件 {FilePath} 已损坏（{how}）。请从备份恢复；不要删除，否则以前的回执将无法核对。", inner);

    private void Save(IReadOnlyList<TicketKey> keys)
    {
        var fresh = FilePath + ".new";
        var access = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) access.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(fresh, access))
        {
            JsonSerializer.Serialize(file, keys);
            // A ticket must not outlive its key in a power cut. The renaming is in the file system's journal before the
            // first rating that needs it: that rating's own sync takes the journal with it.
            file.Flush(flushToDisk: true);
        }
        File.Move(fresh, FilePath, overwrite: true);
    }

    private static partial class Log
    {
        [LoggerMessage(1003, LogLevel.Error, "A new ticket key could not be kept; the last one goes on signing")]
        public static partial void NotRenewed(ILogger logger, Exception exception);

        [LoggerMessage(1004, LogLevel.Error, "The ticket keys could not be read anew; those known stay in use")]
        public static partial void NotRead(ILogger logger, Exception exception);
    }
}

/// <param name="Id">From 1; part of every ticket.</param>
/// <param name="Secret">32 random bytes.</param>
[SuppressMessage("Design", "CA1001", Justification = "Left to the finalizers: one set at each rotation.")]
public sealed record TicketKey(int Id, byte[] Secret, DateTimeOffset CreatedAt)
{
    // The one-shot method sets a MAC up anew for every ticket, which took more than twice as long.
    private readonly ThreadLocal<IncrementalHash> _mac = new(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Secret));
    private Ff1? _receiptCipher;

    /// <summary>Its own key, so that a receipt says nothing of a ticket's MAC.</summary>
    [JsonIgnore]
    internal Ff1 ReceiptCipher => _receiptCipher ??= new Ff1(HKDF.Expand(HashAlgorithmName.SHA256, Secret, 32, "receipt"u8.ToArray()));

    /// <param name="mac">Gets as many bytes of the payload's HMAC-SHA256 as it has room for; no more than 32 long.</param>
    internal void Sign(ReadOnlySpan<byte> payload, Span<byte> mac)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var own = _mac.Value!;
        own.AppendData(payload);
        own.GetHashAndReset(whole);
        whole[..mac.Length].CopyTo(mac);
    }
}
