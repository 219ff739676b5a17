using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using ServiceEval.Core;
using ServiceEval.Core.Files;
using ServiceEval.Core.Ledger;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Ledger.Keys;

/// <summary>
/// This node's private keys for blocks, newest last, in a file that only the service's own account may read. The file
/// notes beside each key which block admitted it. So a ledger that has lost this block is detected.
/// </summary>
internal sealed class LedgerKeyFile(string path, bool isOnlyNode)
{
    public const string Name = "ledger-keys.json";

    /// <summary>
    /// The time to wait for the lock on the file. A change reads and writes the file in well under a second.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string Path => path;
    public bool IsMissing => !File.Exists(path);

    /// <summary>The instruction if the ledger is signed and its key is lost.</summary>
    public string OnLost =>
        $"账本由密钥签名，但密钥文件 {path} 不见了，没有它就不能再写入评价。请从备份恢复这个文件（backup 和 restore 都带着它）；"
        + "如确已丢失，运行 ledger renew 另立密钥，verify 会指出从哪个区块起换了签名者。";

    public string OnForeign =>
        $"密钥文件 {path} 里没有这个账本认可的密钥，不能写入评价。请换回这个数据库原来的密钥文件；"
        + "如确已丢失，运行 ledger renew 另立密钥，verify 会指出从哪个区块起换了签名者。";

    public static LedgerKeyFile Of(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<ServiceEvalOptions>>().Value;
        var configured = services.GetRequiredService<IOptions<LedgerOptions>>().Value.KeyFile;
        var path = string.IsNullOrEmpty(configured) ? In(options.DataPath) : System.IO.Path.GetFullPath(configured);
        return new LedgerKeyFile(path, options.Database == ServiceEvalOptions.Sqlite);
    }

    public static string In(string dataPath) => System.IO.Path.Combine(dataPath, "keys", Name);

    /// <summary>Returns the ring. If there is no ring yet, this method creates its first key.</summary>
    /// <param name="isSigned">Whether the ledger has authors. On a database file this node is the only one, so a
    /// missing key is then lost.</param>
    /// <exception cref="OperatorException">The file is lost or damaged, or cannot be read or written.</exception>
    public IReadOnlyList<SigningKey> Open(bool isSigned)
    {
        if (Load() is { Count: > 0 } ring)
            return ring;
        if (isSigned && isOnlyNode)
            throw new OperatorException(OnLost);
        var first = SigningKey.Create();
        try
        {
            Save([new(first.Export())], overwrite: false);
            return [first];
        }
        catch (OperatorException) when (Load() is { Count: > 0 } others)
        {
            // Another process has created the first key.
            return others;
        }
    }

    /// <summary>Reads the keys; none if there is no file.</summary>
    /// <exception cref="OperatorException">The file is damaged or cannot be read.</exception>
    public IReadOnlyList<SigningKey> Load() => [.. Read().Select(k => k.Key)];

    /// <summary>Returns the admissions that the file notes beside its keys.</summary>
    /// <exception cref="OperatorException">The file is damaged or cannot be read.</exception>
    public IReadOnlyList<KeyAdmission> Admissions() => [.. Read().Select(k => k.Admission).OfType<KeyAdmission>()];

    /// <summary>
    /// Creates a key that is the newest from now on. The other keys stay, because one of them may have to sign the new
    /// key's admission.
    /// </summary>
    public async Task<SigningKey> DrawAsync(CancellationToken ct)
    {
        var next = SigningKey.Create();
        await ChangeAsync(keys => [.. keys.Select(k => k.Stored), new(next.Export())], ct);
        return next;
    }

    /// <summary>
    /// Notes beside a key which block admitted it. An existing note is not changed, because ledgers are compared with
    /// it.
    /// </summary>
    public Task NoteAsync(IReadOnlyList<KeyAdmission> admissions, CancellationToken ct)
    {
        return ChangeAsync(keys => [.. keys.Select(Noted)], ct);

        StoredKey Noted(RingKey key) =>
            key.Stored.Admitted is null && admissions.FirstOrDefault(a => a.IsOf(key.Key.PublicKey)) is { } admission
                ? key.Stored with
                {
                    Admitted = new(admission.Block.Sequence, Convert.ToHexStringLower(admission.Block.Hash)),
                }
                : key.Stored;
    }

    /// <summary>Removes these notes.</summary>
    public Task ForgetAsync(IReadOnlyList<KeyAdmission> admissions, CancellationToken ct)
    {
        return ChangeAsync(keys => [.. keys.Select(Without)], ct);

        StoredKey Without(RingKey key) =>
            admissions.Any(a => a.IsOf(key.Key.PublicKey)) ? key.Stored with { Admitted = null } : key.Stored;
    }

    /// <summary>
    /// Changes the file under a lock. Two processes that change it at the same time must not undo each other's change,
    /// because a key would be lost.
    /// </summary>
    private async Task ChangeAsync(Func<IReadOnlyList<RingKey>, IReadOnlyList<StoredKey>> change, CancellationToken ct)
    {
        var folder = System.IO.Path.GetDirectoryName(path)!;
        try
        {
            DataDirectory.Create(folder);
            var lockPath = System.IO.Path.Combine(folder, $".{System.IO.Path.GetFileName(path)}.lock");
            await using var only =
                await FileLock.TakeAsync(lockPath, Patience, ct)
                ?? throw new OperatorException($"账本密钥文件 {path} 正被另一个进程修改，请再运行一次。");
            var before = Read();
            var after = change(before);
            if (!after.SequenceEqual(before.Select(k => k.Stored)))
                Save(after, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(e);
        }
    }

    private IReadOnlyList<RingKey> Read()
    {
        if (IsMissing)
            return [];
        try
        {
            var kept = JsonSerializer.Deserialize<IReadOnlyList<StoredKey>>(File.ReadAllBytes(path), Json.Options);
            if (kept is not { Count: > 0 })
                throw Damaged("缺少密钥", null);
            if (kept.Any(k => k.Admitted is { } admitted && admitted.Reference() is null))
                throw Damaged("认可记录的哈希不对", null);
            return [.. kept.Select(k => new RingKey(SigningKey.Import(k.PrivateKey), k))];
        }
        catch (Exception e)
            when (e is JsonException or CryptographicException or ArgumentNullException or NullReferenceException)
        {
            throw Damaged(e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException($"账本密钥文件 {path} 读不了：{FileFaults.Reason(e)}。", e);
        }
    }

    private void Save(IReadOnlyList<StoredKey> ring, bool overwrite)
    {
        try
        {
            OwnerFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(ring, Json.Options), overwrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(e);
        }
    }

    private OperatorException Unwritable(Exception e) =>
        new($"账本密钥文件 {path} 写不了：{FileFaults.Reason(e)}。", e);

    private OperatorException Damaged(string how, Exception? inner) =>
        new(
            $"账本密钥文件 {path} 已损坏（{how.TrimEnd('.', '。')}）。请从备份恢复；确实没有备份时，先把它移走，再运行 ledger renew 另立密钥。",
            inner
        );

    private sealed record RingKey(SigningKey Key, StoredKey Stored)
    {
        public KeyAdmission? Admission => Stored.Admitted?.Reference() is { } block ? new(Key.PublicKey, block) : null;
    }

    /// <param name="PrivateKey">The private key in PKCS#8, DER.</param>
    /// <param name="Admitted">The block that admitted the key; null as long as no ledger is known to have admitted
    /// it.</param>
    private sealed record StoredKey(
        byte[] PrivateKey,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] StoredAdmission? Admitted = null
    );

    /// <param name="Hash">The hash of the block, in hex.</param>
    private sealed record StoredAdmission(long Block, string Hash)
    {
        /// <summary>Returns null if the text is not a hash.</summary>
        public BlockReference? Reference()
        {
            var hash = new byte[32];
            return Hash is { Length: 64 } && Convert.FromHexString(Hash, hash, out _, out _) == OperationStatus.Done
                ? new(Block, hash)
                : null;
        }
    }
}

/// <summary>A key and the block that admitted it.</summary>
internal sealed record KeyAdmission(byte[] PublicKey, BlockReference Block)
{
    public string Fingerprint => LedgerKey.FingerprintOf(PublicKey);

    /// <summary>The message for a ledger that does not have the block that a key file notes.</summary>
    public string Lost =>
        $"{LedgerKeyFile.Name} 记着本节点的账本密钥（指纹 {Fingerprint}）在区块 {Block.Sequence} 得到认可，"
        + "账本里却没有这个区块：数据库被换成了旧的，或被截短后重新签名";

    public bool IsOf(byte[] publicKey) => PublicKey.AsSpan().SequenceEqual(publicKey);
}
