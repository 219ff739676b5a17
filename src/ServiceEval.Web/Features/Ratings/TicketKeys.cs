using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ratings;

/// <summary>
/// The keys that sign tickets, in the data directory. A new one is drawn every ninety days; older ones sign nothing but
/// are kept for ever, for a ticket and its receipt must answer for ever.
/// </summary>
public sealed class TicketKeys(IOptions<ServiceEvalOptions> options, TimeProvider time)
{
    public static readonly TimeSpan Rotation = TimeSpan.FromDays(90);

    private readonly Lock _lock = new();
    private volatile IReadOnlyList<TicketKey> _keys = [];

    private string FilePath => Path.Combine(options.Value.DataPath, "keys", "ticket-keys.json");

    /// <summary>The key that signs now.</summary>
    public TicketKey Current
    {
        get
        {
            var newest = _keys is [.., var last] ? last : null;
            if (newest is not null && time.GetUtcNow() - newest.CreatedAt < Rotation) return newest;
            lock (_lock) return Rotate();
        }
    }

    /// <summary>The key with this id; null if there is none.</summary>
    public TicketKey? Find(int id)
    {
        // Ids count up from 1 in the file's order. Another process may have drawn the key.
        var keys = _keys;
        if (id > keys.Count)
        {
            lock (_lock) _keys = keys = Load();
        }
        return id >= 1 && id <= keys.Count ? keys[id - 1] : null;
    }

    private TicketKey Rotate()
    {
        var keys = Load();
        if (keys is not [.., var newest] || time.GetUtcNow() - newest.CreatedAt >= Rotation)
        {
            keys = [.. keys, new TicketKey(keys.Count + 1, RandomNumberGenerator.GetBytes(32), time.GetUtcNow())];
            Save(keys);
        }
        _keys = keys;
        return keys[^1];
    }

    private IReadOnlyList<TicketKey> Load()
    {
        if (!File.Exists(FilePath)) return [];
        try
        {
            return JsonSerializer.Deserialize<IReadOnlyList<TicketKey>>(File.ReadAllBytes(FilePath)) ?? [];
        }
        catch (JsonException e)
        {
            throw new StartException($"票据密钥文件 {FilePath} 已损坏（{e.Message}）。请从备份恢复；不要删除，否则以前的回执将无法核对。", e);
        }
    }

    private void Save(IReadOnlyList<TicketKey> keys)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        var fresh = FilePath + ".new";
        var access = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) access.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(fresh, access))
        {
            JsonSerializer.Serialize(file, keys);
            // A ticket must not outlive its key in a power cut.
            file.Flush(flushToDisk: true);
        }
        File.Move(fresh, FilePath, overwrite: true);
    }
}

/// <param name="Id">From 1; part of every ticket.</param>
/// <param name="Secret">32 random bytes.</param>
public sealed record TicketKey(int Id, byte[] Secret, DateTimeOffset CreatedAt);
