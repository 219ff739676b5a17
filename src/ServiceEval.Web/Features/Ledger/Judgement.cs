using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Holds every block's root against the rows that claim its places, and says which row is at fault. A root can only be
/// tried: where rows compete for a place, a place is empty or a row gives two leaves, whatever makes the root come out
/// right is proven to be what was committed. What can't be proven is not guessed.
/// </summary>
internal sealed class Judgement(ILedgerReader reader, LedgerSnapshot pinned, Coverage coverage, Places places, ChainWalk chain, IReadOnlyList<Stored<LedgerKey>> keys)
{
    // Hashes that may be spent on trying: about half a minute at the very most, however much has been tampered with.
    private const long MostForABlock = 1_000_000;
    private long _hashesLeft = 50_000_000;

    /// <summary>Rows that have no place of their own: each may be one that was moved.</summary>
    private readonly List<Doubt> _displaced = [];
    private readonly Dictionary<long, LedgerBlock> _wrong = [];
    private readonly HashSet<long> _named = [.. chain.Faults.Where(f => f.Table == "LedgerBlocks").Select(f => f.Block!.Value)];

    public List<Fault> Faults { get; } = [];

    public List<(long Block, int Index)> Gone { get; } = [];

    /// <summary>The lowest id of a key that blocks name and no row is; null if there is none.</summary>
    public int? MissingKey { get; private set; }

    public async Task RunAsync(IReadOnlyList<Doubt> doubts, CancellationToken ct)
    {
        var known = keys.Select(k => k.Row.Id).ToHashSet();
        await foreach (var (block, legible, _) in Blocks.ReadAsync(reader, pinned.LastSequence, ct))
        {
            if (block.Sequence <= 0) continue;
            var right = legible && places.LeavesOf(block.Sequence) is { Length: > 0 } leaves && IsRoot(leaves, block.Root);
            if (!right) _wrong.Add(block.Sequence, block);
            if (block.KeyId is { } id && !known.Contains(id) && !(MissingKey <= id)) MissingKey = id;
        }
        foreach (var claims in doubts.GroupBy(d => d.Block).Where(g => !_wrong.ContainsKey(g.Key))) SettleRightBlock(claims.Key, claims);
        if (_wrong.Count > 0) await SettleWrongBlocksAsync(ct);
        foreach (var row in _displaced) Report(FaultKind.Inserted, row);
    }

    /// <summary>The root fits, so the leaves in the places are those committed; only whose they are is in question.</summary>
    private void SettleRightBlock(long block, IEnumerable<Doubt> claims)
    {
        if (places.LeavesOf(block) is not { } leaves)
        {
            // Of a block that is gone its rows say nothing, unless they fill a gap elsewhere.
            foreach (var row in claims)
            {
                if (block <= 0 || block > pinned.LastSequence) _displaced.Add(row);
                else if (row.Altered) Report(FaultKind.Altered, row);
            }
            return;
        }
        foreach (var place in claims.GroupBy(d => d.Index))
        {
            // A row that stands in its place and is right is in no doubt, and not among these: then all of them are too many.
            var owned = place.Any(r => r.Placed || !r.Altered && (uint)r.Index < (uint)leaves.Length && Same(r.Kept, leaves[r.Index]!));
            SettlePlace([.. place], owned && (uint)place.Key < (uint)leaves.Length ? leaves[place.Key] : null);
        }
    }

    /// <param name="rows">Those that claim the place.</param>
    /// <param name="leaf">The one committed there; null if none of the rows can be its owner.</param>
    private void SettlePlace(List<Doubt> rows, byte[]? leaf)
    {
        var owner = leaf is null ? null
            : rows.Find(r => !r.Altered && Same(r.Kept, leaf)) ?? rows.Find(r => Same(r.Computed, leaf)) ?? rows.Find(r => Same(r.Kept, leaf));
        foreach (var row in rows)
        {
            if (!ReferenceEquals(row, owner)) _displaced.Add(row);
            else if (row.Altered) Report(FaultKind.Altered, row);
        }
    }

    private async Task SettleWrongBlocksAsync(CancellationToken ct)
    {
        var rows = await RowsOfAsync(ct);
        foreach (var block in _wrong.Values.Where(b => !chain.Unproven.Contains(b.Sequence)))
            _displaced.AddRange(rows[block.Sequence].Where(r => (uint)r.Index >= (uint)block.Count));
        // Those without a gap first: what turns out to be too many there may be what is missing elsewhere.
        foreach (var block in _wrong.Values.OrderBy(b => HasGap(b, rows)).ThenBy(b => b.Sequence)) SettleWrongBlock(block, [.. rows[block.Sequence]]);
    }

    private static bool HasGap(LedgerBlock block, ILookup<long, Doubt> rows) =>
        rows[block.Sequence].Select(r => r.Index).Where(i => (uint)i < (uint)block.Count).Distinct().Count() < block.Count;

    private void SettleWrongBlock(LedgerBlock block, List<Doubt> rows)
    {
        var count = places.LeavesOf(block.Sequence)?.Length ?? 0;
        var claims = rows.ToLookup(r => r.Index);
        if (count > 0 && Solve(block, count, claims) is { } leaves)
        {
            SettleSolved(block, claims, leaves);
        }
        else if (chain.Unproven.Contains(block.Sequence) || count == 0)
        {
            // Nothing vouches for the root itself, so only what contradicts itself is named besides the block.
            if (!_named.Contains(block.Sequence))
                Faults.Add(new Fault(FaultKind.Chain, "LedgerBlocks", null, block.Sequence, null));
            foreach (var row in rows.Where(r => r.Altered)) Report(FaultKind.Altered, row);
        }
        else
        {
            SettleUnsolved(block, count, rows, claims);
        }
    }

    private void SettleSolved(LedgerBlock block, ILookup<int, Doubt> claims, byte[][] leaves)
    {
        var moved = new HashSet<Doubt>(ReferenceEqualityComparer.Instance);
        if (chain.Unproven.Contains(block.Sequence)) _displaced.AddRange(claims.Where(c => (uint)c.Key >= (uint)leaves.Length).SelectMany(c => c));
        for (var i = 0; i < leaves.Length; i++)
        {
            List<Doubt> here = [.. claims[i]];
            if (!here.Exists(r => Gives(r, leaves[i])))
            {
                // It says another place than the one the root proves.
                var owner = _displaced.Concat(claims.SelectMany(c => c)).First(r => Gives(r, leaves[i]));
                moved.Add(owner);
                Report(FaultKind.Altered, owner with { Block = block.Sequence, Index = i });
            }
            SettlePlace(here, leaves[i]);
        }
        _displaced.RemoveAll(moved.Contains);
    }

    private void SettleUnsolved(LedgerBlock block, int count, List<Doubt> rows, ILookup<int, Doubt> claims)
    {
        var gaps = Enumerable.Range(0, count).Where(i => !claims.Contains(i)).ToList();
        Gone.AddRange(gaps.Select(i => (block.Sequence, i)));
        for (var i = 0; i < count; i++)
        {
            var rivals = claims[i].Count() > 1;
            var presumed = rivals && claims[i].Count(r => !r.Altered) == 1;
            foreach (var row in claims[i])
            {
                if (rivals && !(presumed && !row.Altered)) Report(FaultKind.Inserted, row);
                else if (row.Altered) Report(FaultKind.Altered, row);
            }
        }
        if (gaps.Count > 0 || rows.Count != count) return;

        // Every place has its one row, and together they are not what was committed: with one row it is that row. A key is not
        // suspected beside others: altered, it would verify no signature.
        var suspects = rows.FindAll(r => r.Table != Doubt.Keys);
        if (suspects.Count == 0) suspects = rows;
        if (suspects.Count == 1)
        {
            if (!suspects[0].Altered) Report(FaultKind.Altered, suspects[0]);
            return;
        }
        var table = suspects.TrueForAll(r => r.Table == suspects[0].Table) ? suspects[0].Table : null;
        Faults.Add(new Fault(FaultKind.Altered, table, null, block.Sequence, null));
    }

    /// <summary>The leaves that give the block's root, out of all that claim to be in it; null if none can be found.</summary>
    private byte[][]? Solve(LedgerBlock block, int count, ILookup<int, Doubt> claims)
    {
        List<byte[]>? surplus = null;
        var choices = new List<byte[]>[count];
        var trials = 1L;
        for (var i = 0; i < count; i++)
        {
            if (claims.Contains(i))
            {
                choices[i] = [.. claims[i].SelectMany(LeavesOf).DistinctBy(Convert.ToHexString)];
            }
            else if (surplus is not null || _displaced.Count <= MostForABlock && (_hashesLeft -= _displaced.Count) > 0)
            {
                choices[i] = surplus ??= _displaced.Concat(claims.Where(c => (uint)c.Key < (uint)count && c.Count() > 1).SelectMany(c => c))
                    .SelectMany(LeavesOf).DistinctBy(Convert.ToHexString).ToList();
            }
            else
            {
                return null;
            }
            trials *= choices[i].Count;
            if (trials == 0 || trials * count > Math.Min(MostForABlock, _hashesLeft)) return null;
        }

        // All combinations, counted through like the digits of a number.
        var digits = new int[count];
        var leaves = new byte[count][];
        for (; trials > 0; trials--)
        {
            for (var i = 0; i < count; i++) leaves[i] = choices[i][digits[i]];
            _hashesLeft -= count;
            if (IsRoot(leaves, block.Root)) return leaves;
            for (var i = 0; i < count && ++digits[i] == choices[i].Count; i++) digits[i] = 0;
        }
        return null;
    }

    private static IEnumerable<byte[]> LeavesOf(Doubt row)
    {
        if (row.Kept is { } kept) yield return kept;
        if (row.Altered) yield return row.Computed;
    }

    /// <summary>Every row that says it is in one of the wrong blocks, read once more because no place remembers its row.</summary>
    private async Task<ILookup<long, Doubt>> RowsOfAsync(CancellationToken ct)
    {
        var found = keys.Where(k => _wrong.ContainsKey(k.Row.Block)).Select(k => Doubt.Of(k, null)!).ToList();
        var ratings = new EntryCursor<Rating>(id => reader.RatingsAfterAsync(id, ct), coverage);
        while (await ratings.MoveNextAsync(ct)) if (_wrong.ContainsKey(ratings.Current.Row.Block)) found.Add(Doubt.Of(ratings.Current, null)!);
        var corrections = new EntryCursor<Correction>(id => reader.CorrectionsAfterAsync(id, ct), coverage);
        while (await corrections.MoveNextAsync(ct)) if (_wrong.ContainsKey(corrections.Current.Row.Block)) found.Add(Doubt.Of(corrections.Current, null)!);
        var details = new EntryCursor<RatingDetail>(id => reader.DetailsAfterAsync(id, ct), coverage);
        while (await details.MoveNextAsync(ct)) if (_wrong.ContainsKey(details.Current.Row.Block)) found.Add(Doubt.Of(details.Current, null)!);
        return found.ToLookup(d => d.Block);
    }

    private void Report(FaultKind kind, Doubt row) => Faults.Add(new Fault(kind, row.Table, row.Id, row.Block, row.Index));

    private static bool IsRoot(byte[]?[] leaves, byte[] root) =>
        Array.TrueForAll(leaves, l => l is not null) && MerkleTree.Root(leaves!).AsSpan().SequenceEqual(root);

    private static bool Gives(Doubt row, byte[] leaf) => Same(row.Kept, leaf) || row.Altered && Same(row.Computed, leaf);

    private static bool Same(byte[]? leaf, byte[] other) => leaf is not null && leaf.AsSpan().SequenceEqual(other);
}
