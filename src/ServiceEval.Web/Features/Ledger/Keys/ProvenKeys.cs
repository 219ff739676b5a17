using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Ledger;
using ServiceEval.Core.Storage;

namespace ServiceEval.Web.Features.Ledger.Keys;

/// <summary>
/// Finds the keys that the ledger itself proves: the block that a key's row names commits to the row, the block's hash
/// is right, and a key in force signed the block. A person who can write the database can insert a row into LedgerKeys,
/// but that row is not proven.
/// </summary>
internal sealed class ProvenKeys
{
    /// <summary>The most keys that are read. No installation has as many.</summary>
    private const int Most = 1_000;

    /// <summary>
    /// The rows that are proven to be committed. The result does not change later, and the proof may read all ratings.
    /// </summary>
    private readonly HashSet<(string Leaf, long Block)> _committed = [];

    /// <summary>The claims that the ratings do not prove. They are not searched for the same claim again.</summary>
    private readonly HashSet<string> _refuted = [];

    /// <param name="noted">The fingerprints that this node noted when the ledger proved them. The ratings are not
    /// searched for these keys again.</param>
    /// <param name="trusted">The fingerprints that are known from elsewhere. The ledger's first key and a renewing key
    /// have no signature of a former key, so they are proven only if they are trusted. If no fingerprint is known, they
    /// are trusted without proof.</param>
    /// <returns>The proven keys in the order of their blocks.</returns>
    public async Task<IReadOnlyList<KeyAdmission>> ReadAsync(
        ServiceEvalDb db,
        IReadOnlySet<string> noted,
        IReadOnlySet<string> trusted,
        CancellationToken ct
    )
    {
        var rows = db.LedgerKeys.AsNoTracking().OrderBy(k => k.Block).ThenBy(k => k.Id).Take(Most);
        var keys = await rows.ToListAsync(ct);
        var (proven, inForce) = (new List<KeyAdmission>(), new List<LedgerKey>());
        foreach (var block in keys.GroupBy(k => k.Block))
        {
            var admitted = block.ToList();
            if (await BlockOfAsync(db, block.Key, ct) is not { } found)
                continue;
            var signer =
                inForce.Find(k => k.Id == found.Block.KeyId)
                ?? admitted.Find(k => k.Id == found.Block.KeyId && MaySignItself(k));
            if (signer is null || !signer.HasSigned(found.Block))
                continue;
            if (!IsSealed(found.Block, found.PreviousHash))
                continue;
            foreach (var key in admitted)
            {
                if (!Claims(key, found.Block))
                    continue;
                if (!noted.Contains(key.Fingerprint) && !await IsCommittedAsync(db, key, found.Block, admitted, ct))
                    continue;
                inForce = LedgerKey.InForce([.. inForce, key]);
                proven.Add(new(key.PublicKey, new(found.Block.Sequence, found.Block.Hash)));
            }
        }
        return proven;

        bool MaySignItself(LedgerKey key) =>
            (proven.Count == 0 || key.Replaces == LedgerKey.Every)
            && (trusted.Count == 0 || trusted.Contains(key.Fingerprint));
    }

    private static async Task<(LedgerBlock Block, byte[] PreviousHash)?> BlockOfAsync(
        ServiceEvalDb db,
        long sequence,
        CancellationToken ct
    )
    {
        long[] both = [sequence - 1, sequence];
        var blocks = await db.LedgerBlocks.AsNoTracking().Where(b => both.Contains(b.Sequence)).ToListAsync(ct);
        var (previous, block) = (blocks.Find(b => b.Sequence == both[0]), blocks.Find(b => b.Sequence == sequence));
        return block is null || previous is null && sequence != 1 ? null : (block, previous?.Hash ?? new byte[32]);
    }

    private static bool IsSealed(LedgerBlock block, byte[] previousHash) =>
        block is { Algorithm: LeafEncoding.Sha256, Hash.Length: 32, Root.Length: 32 }
        && previousHash.Length == 32
        && LeafEncoding
            .BlockHash(block.Sequence, previousHash, block.Root, block.Count, block.CommittedAt)
            .AsSpan()
            .SequenceEqual(block.Hash);

    /// <summary>Returns whether the row has its own leaf and a place of the block.</summary>
    private static bool Claims(LedgerKey key, LedgerBlock block) =>
        (uint)key.Index < (uint)block.Count && LeafEncoding.Of(key).AsSpan().SequenceEqual(key.Leaf);

    private async Task<bool> IsCommittedAsync(
        ServiceEvalDb db,
        LedgerKey key,
        LedgerBlock block,
        IReadOnlyList<LedgerKey> keys,
        CancellationToken ct
    )
    {
        var row = (Convert.ToHexStringLower(key.Leaf), key.Block);
        if (_committed.Contains(row))
            return true;
        var claiming = keys.Where(k => (uint)k.Index < (uint)block.Count).ToList();
        var leaves = claiming.Select(k => $"{k.Index}:{Convert.ToHexStringLower(k.Leaf)}");
        var claim = $"{Convert.ToHexStringLower(block.Hash)} {string.Join(' ', leaves)}";
        if (_refuted.Contains(claim))
            return false;
        var isCommitted = await HasLeavesAsync(db, block, claiming, ct);
        if (isCommitted)
            _committed.Add(row);
        else
            _refuted.Add(claim);
        return isCommitted;
    }

    /// <summary>Returns whether the rows that claim the block's places give its root.</summary>
    private static async Task<bool> HasLeavesAsync(
        ServiceEvalDb db,
        LedgerBlock block,
        IReadOnlyList<LedgerKey> keys,
        CancellationToken ct
    )
    {
        if (block.Count is < 1 or > Segments.MostEntries)
            return false;
        var places = keys.Select(k => (k.Index, k.Leaf)).ToList();
        // No index exists on a row's block. So the ratings are searched only if the block has other entries than keys.
        if (places.Count < block.Count)
        {
            places.AddRange(await PlacesAsync(db.Ratings));
            places.AddRange(await PlacesAsync(db.Corrections));
            places.AddRange(await PlacesAsync(db.RatingDetails));
        }
        if (places.Count != block.Count)
            return false;
        var leaves = places.OrderBy(p => p.Index).Select(p => p.Leaf).ToList();
        var hasAll = places.Select(p => p.Index).Order().SequenceEqual(Enumerable.Range(0, block.Count));
        return hasAll
            && leaves.TrueForAll(l => l.Length == 32)
            && MerkleTree.Root(leaves).AsSpan().SequenceEqual(block.Root);

        async Task<IEnumerable<(int Index, byte[] Leaf)>> PlacesAsync<T>(IQueryable<T> table)
            where T : class, ILedgerEntry
        {
            var rows = table.Where(r => r.Block == block.Sequence).OrderBy(r => r.Index).Take(block.Count + 1);
            return (await rows.Select(r => new { r.Index, r.Leaf }).ToListAsync(ct)).Select(r => (r.Index, r.Leaf));
        }
    }
}
