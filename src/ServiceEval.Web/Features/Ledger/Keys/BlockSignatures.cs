using System.Collections.Concurrent;
using System.Security.Cryptography;
using ServiceEval.Core.Ledger;

namespace ServiceEval.Web.Features.Ledger.Keys;

/// <summary>
/// Follows the ledger's keys through its blocks. From the block with the first key on, each block must be signed by a
/// key that is in force at that block. Signatures are checked some thousands at a time on all processors, because a
/// signature takes longer than all other checks of a block.
/// </summary>
/// <param name="since">The last block that is not read; 0 if all blocks are read. No block that is read proves a key
/// up to this block, so such a key may sign only if its fingerprint is known from elsewhere.</param>
/// <param name="hasMoreKeys">Whether there are more rows of keys than are read.</param>
internal sealed class BlockSignatures(
    IReadOnlyList<Stored<LedgerKey>> keys,
    KnownKeys known,
    long since = 0,
    bool hasMoreKeys = false
)
{
    private const int Chunk = 8_192;

    /// <summary>The most keys that the result lists. An installation with more keys was tampered with.</summary>
    private const int MostTold = 1_000;

    private readonly HashSet<int> _used = [];
    private readonly HashSet<int> _ids = [.. keys.Select(k => k.Row.Id)];
    private readonly Queue<LedgerKey> _coming = new(keys.Select(k => k.Row).OrderBy(k => k.Block).ThenBy(k => k.Id));
    private readonly Dictionary<int, LedgerKey> _inForce = [];
    private readonly List<LedgerKey> _admitted = [];
    private readonly HashSet<string> _fingerprints = new(StringComparer.Ordinal);
    private readonly List<(LedgerBlock Block, LedgerKey Key)> _pending = [];
    private readonly Dictionary<string, long> _signed = [];
    private readonly FaultList _faults = new();

    /// <summary>The number of blocks before the first key.</summary>
    public long Unsigned { get; private set; }

    /// <summary>The lowest id that blocks name as their key and that no row has; null if there is none.</summary>
    public int? MissingKey { get; private set; }

    public bool HasMoreKeys => hasMoreKeys;

    public IEnumerable<LedgerKey> Keys => keys.Select(k => k.Row);

    /// <summary>
    /// Returns whether blocks name this key and none of them has its signature. It must be called after the last block.
    /// </summary>
    public bool IsContradicted(LedgerKey key) => _used.Contains(key.Id) && !_signed.ContainsKey(key.Fingerprint);

    public void Check(LedgerBlock block)
    {
        if (block.KeyId is { } named && !_ids.Contains(named) && !(MissingKey <= named))
            MissingKey = named;
        while (_coming.TryPeek(out var passed) && passed.Block < block.Sequence)
            Pass(_coming.Dequeue());
        var entries = new List<LedgerKey>();
        while (_coming.TryPeek(out var next) && next.Block == block.Sequence)
            entries.Add(_coming.Dequeue());
        if (_admitted.Count == 0 && entries.Count == 0)
        {
            if (block is { KeyId: null, Signature: null })
                Unsigned++;
            else
                Report(block);
            return;
        }
        var signer = SignerOf(block, entries);
        if (signer is null || block.Signature is null)
            Report(block);
        else
            _pending.Add((block, signer));
        if (signer is not null)
            _used.Add(signer.Id);
        foreach (var key in entries)
            Admit(key, block, signer);
        if (_pending.Count >= Chunk)
            Flush();
    }

    /// <summary>Ends the checks after the last block and returns all faults.</summary>
    public FaultList End()
    {
        Flush();
        while (_coming.TryDequeue(out var left))
            Pass(left);
        _faults.AddRange(
            known
                .Kept.DistinctBy(k => k.Fingerprint)
                .Where(k => !_fingerprints.Contains(k.Fingerprint))
                .Select(k => Laws.KeyKept.Fault(k.Source, k.Fingerprint))
        );
        if (known.Own.Count > 0 && _fingerprints.Count > 0 && !known.Own.Any(_fingerprints.Contains))
            _faults.Add(Laws.KeyOwn.Fault(LedgerKeyFile.Name, known.Own[^1]));
        if (since > 0 && _fingerprints.Count == 0)
            AddMissing();
        return _faults;
    }

    /// <summary>
    /// Reports the known keys of a ledger that has no keys. If all blocks are read, the missing rows are missing in
    /// their blocks, and this node's key may be newer than the ledger.
    /// </summary>
    private void AddMissing()
    {
        if (known.Own.Count > 0)
            _faults.Add(Laws.KeyOwn.Fault(LedgerKeyFile.Name, known.Own[^1]));
        _faults.AddRange(known.Acknowledged.Select(k => Laws.KeyKept.Fault("--key", k)));
    }

    public SignaturesFound Found() => new(Unsigned, [.. _admitted.Take(MostTold).Select(Found)]);

    /// <summary>
    /// Returns the key that the block names, or null if that key must not sign the block. The first key and a renewing
    /// key sign their own entry.
    /// </summary>
    private LedgerKey? SignerOf(LedgerBlock block, List<LedgerKey> entries)
    {
        if (block.KeyId is not { } id)
            return null;
        return _inForce.GetValueOrDefault(id)
            ?? entries.Find(k => k.Id == id && (_admitted.Count == 0 || k.Replaces == LedgerKey.Every));
    }

    private void Admit(LedgerKey key, LedgerBlock block, LedgerKey? signer)
    {
        var isRenewal = key.Replaces == LedgerKey.Every;
        var isLawful =
            key.Algorithm == LedgerKey.EcdsaP256
            && key.Id == _admitted.Count + 1
            && !_fingerprints.Contains(key.Fingerprint)
            && (
                isRenewal
                    ? ReferenceEquals(signer, key) && known.Acknowledged.Contains(key.Fingerprint)
                    : key.Replaces == 0 || key.Replaces == block.KeyId
            );
        if (!isLawful)
            _faults.Add(Laws.KeyAdmitted.Fault(EntryKind.Key.Table, $"{key.Id}", block.Sequence, key.Index));
        PutInForce(key);
    }

    /// <summary>Takes a key whose block is not read.</summary>
    private void Pass(LedgerKey key)
    {
        // The block of a later key is gone or unreadable, which is already a fault. The key is put in force, so that
        // the blocks that it signs are not reported as well.
        if (key.Block > since || since == 0 || IsKnown(key))
        {
            PutInForce(key);
            return;
        }
        _faults.Add(Laws.KeyAdmitted.Fault(EntryKind.Key.Table, $"{key.Id}", key.Block, key.Index));
        Note(key);
    }

    private bool IsKnown(LedgerKey key) =>
        known.Own.Contains(key.Fingerprint)
        || known.Acknowledged.Contains(key.Fingerprint)
        || known.Kept.Any(k => k.Fingerprint == key.Fingerprint);

    private void PutInForce(LedgerKey key)
    {
        if (key.Replaces == LedgerKey.Every)
            _inForce.Clear();
        else
            _inForce.Remove(key.Replaces);
        _inForce[key.Id] = key;
        Note(key);
    }

    private void Note(LedgerKey key)
    {
        _admitted.Add(key);
        _fingerprints.Add(key.Fingerprint);
    }

    private void Flush()
    {
        if (_pending.Count == 0)
            return;
        var wrong = new ConcurrentDictionary<long, LedgerBlock>();
        Parallel.ForEach(
            Partitioner.Create(0, _pending.Count),
            range =>
            {
                using var verifiers = new Verifiers();
                for (var i = range.Item1; i < range.Item2; i++)
                {
                    if (!verifiers.Verify(_pending[i].Key, _pending[i].Block))
                        wrong[_pending[i].Block.Sequence] = _pending[i].Block;
                }
            }
        );
        foreach (var block in wrong.Values.OrderBy(b => b.Sequence))
            Report(block);
        foreach (var group in _pending.Where(p => !wrong.ContainsKey(p.Block.Sequence)).GroupBy(p => p.Key.Fingerprint))
            _signed[group.Key] = _signed.GetValueOrDefault(group.Key) + group.Count();
        _pending.Clear();
    }

    private SignerFound Found(LedgerKey key) =>
        new(key.Id, key.Name, key.Fingerprint, _signed.GetValueOrDefault(key.Fingerprint));

    private void Report(LedgerBlock block) => _faults.Add(Laws.Signature.Fault("LedgerBlocks", null, block.Sequence));

    /// <summary>
    /// The verifiers of one thread. The framework does not promise that several threads can share an instance.
    /// </summary>
    private sealed class Verifiers : IDisposable
    {
        private readonly Dictionary<LedgerKey, ECDsa?> _keys = new(ReferenceEqualityComparer.Instance);

        public bool Verify(LedgerKey key, LedgerBlock block)
        {
            if (!_keys.TryGetValue(key, out var verifier))
                _keys[key] = verifier = Import(key.PublicKey);
            return verifier?.VerifyHash(
                    LeafEncoding.SignedHash(block.Hash),
                    block.Signature!,
                    DSASignatureFormat.IeeeP1363FixedFieldConcatenation
                )
                ?? false;
        }

        public void Dispose()
        {
            foreach (var key in _keys.Values)
                key?.Dispose();
        }

        /// <summary>Returns null if the stored bytes are not a key.</summary>
        private static ECDsa? Import(byte[] publicKey)
        {
            var key = ECDsa.Create();
            try
            {
                key.ImportSubjectPublicKeyInfo(publicKey, out _);
                return key;
            }
            catch (CryptographicException)
            {
                key.Dispose();
                return null;
            }
        }
    }
}

/// <summary>The keys and how many blocks each of them signed.</summary>
/// <param name="UnsignedBlocks">The number of blocks from before the first key.</param>
public sealed record SignaturesFound(long UnsignedBlocks, IReadOnlyList<SignerFound> Keys);

public sealed record SignerFound(int Id, string Name, string Fingerprint, long Blocks);
