using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ServiceEval.Data.Ledger;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Ledger.Keys;

/// <summary>This node's private keys for blocks, the newest last: a file that only the service's own account may read.</summary>
internal sealed class LedgerKeyFile(string path, bool isOnlyNode)
{
    public const string Name = "ledger-keys.json";

    public string Path => path;
    public bool IsMissing => !File.Exists(path);

    /// <summary>What to do where the ledger is signed and its key is lost.</summary>
    public string OnLost => $"账本由密钥签名，但密钥文件 {path} 不见了，没有它就不能再写入评价。请从备份恢复这个文件（backup 和 restore 都带着它）；"
        + "如确已丢失，运行 ledger renew 另立密钥，verify 会指出从哪个区块起换了签名者。";

    public string OnForeign => $"密钥文件 {path} 里没有这个账本认可的密钥，不能写入评价。请换回这个数据库原来的密钥文件；"
        + "如确已丢失，运行 ledger renew 另立密钥，verify 会指出从哪个区块起换了签名者。";

    public static LedgerKeyFile Of(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<ServiceEvalOptions>>().Value;
        var configured = services.GetRequiredService<IOptions<LedgerOptions>>().Value.KeyFile;
        var path = string.IsNullOrEmpty(configured) ? In(options.DataPath) : System.IO.Path.GetFullPath(configured);
        return new LedgerKeyFile(path, options.Database == ServiceEvalOptions.Sqlite);
    }

    public static string In(string dataPath) => System.IO.Path.Combine(dataPath, "keys", Name);

    /// <summary>The ring; the first key is drawn where there is none yet.</summary>
    /// <param name="isSigned">The ledger has authors. On a database file this node is the only one, so its key is lost then.</param>
    /// <exception cref="StartException">The file is lost or damaged, or can't be read or written.</exception>
    public IReadOnlyList<SigningKey> Open(bool isSigned)
    {
        if (Load() is { Count: > 0 } ring) return ring;
        if (isSigned && isOnlyNode) throw new StartException(OnLost);
        var first = SigningKey.Create();
        try
        {
            Save([first], overwrite: false);
            return [first];
        }
        catch (StartException) when (Load() is { Count: > 0 } others)
        {
            // Another process drew it first.
            return others;
        }
    }

    /// <summary>Empty where there is no file.</summary>
    /// <exception cref="StartException">It is damaged or can't be read.</exception>
    public IReadOnlyList<SigningKey> Load()
    {
        if (IsMissing) return [];
        try
        {
            var kept = JsonSerializer.Deserialize<IReadOnlyList<StoredKey>>(File.ReadAllBytes(path), Json.Options);
            return kept is { Count: > 0 } ? [.. kept.Select(k => SigningKey.Import(k.PrivateKey))] : throw Damaged("缺少密钥", null);
        }
        catch (Exception e) when (e is JsonException or CryptographicException or ArgumentNullException or NullReferenceException)
        {
            throw Damaged(e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"账本密钥文件 {path} 读不了：{FileFaults.Reason(e)}。", e);
        }
    }

    /// <summary>Draws a key that is the newest from now on; the others are kept, for one of them may still have to sign it in.</summary>
    public SigningKey Draw()
    {
        var next = SigningKey.Create();
        Save([.. Load(), next], overwrite: true);
        return next;
    }

    private void Save(IReadOnlyList<SigningKey> ring, bool overwrite)
    {
        try
        {
            OwnerFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(ring.Select(k => new StoredKey(k.Export())), Json.Options), overwrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"账本密钥文件 {path} 写不了：{FileFaults.Reason(e)}。", e);
        }
    }

    private StartException Damaged(string how, Exception? inner) =>
        new($"账本密钥文件 {path} 已损坏（{how.TrimEnd('.', '。')}）。请从备份恢复；确实没有备份时，先把它移走，再运行 ledger renew 另立密钥。", inner);

    /// <param name="PrivateKey">PKCS#8, DER.</param>
    private sealed record StoredKey(byte[] PrivateKey);
}
