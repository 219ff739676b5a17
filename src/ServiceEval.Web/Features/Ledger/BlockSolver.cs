using ServiceEval.Core.Ledger;
using ServiceEval.Web.Features.Ledger.Keys;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Compares the root of each suspect block with the rows that claim its places, and names the row at fault. A root can
/// only be tried. If rows compete for a place, a place is empty, or a row gives two leaves, combinations are tried. A
/// combination that gives the root is proven to be the committed one. What cannot be proven is not guessed.
/// </summary>
/// <param name="hasOtherTallies">Whether tallies differ from the recount, so that a rating, correction or detail was
/// altered.</param>
internal sealed class BlockSolver(
    SecondLook look,
    LedgerSnapshot pinned,
    ChainWalk chain,
    BlockSignatures signatures,
    bool hasOtherTallies
)
{
    // The limits of hashes for trying. All trials together take about half a minute at most, however much was altered.
    private const long MostForABlock = 1_000_000;
    private long _hashesLeft = 50_000_000;

    /// <summary>The rows that have no place of their own. Each of them may be a moved row.</summary>
    private readonly List<SuspectEntry> _displaced = [];
    private readonly HashSet<long> _named =
    [
        .. chain
            .Faults.Named.Concat(chain.Unlawful.Named)
            .Where(f => f.Table == "LedgerBlocks")
            .Select(f => f.Block!.Value),
    ];

    public List<Fault> Faults { get; } = [];

    /// <summary>The ranges of places that no row claims.</summary>
    public List<(long Block, int From, int To)> MissingPlaces { get; } = [];

    public void Run()
    {
        var wrong = new List<(LedgerBlock Block, List<SuspectEntry> Rows)>();
        foreach (var (block, rows) in look.Blocks)
        {
            if (
                block.Legible
                && look.LeafSlots.LeavesOf(block.Row.Sequence) is { } leaves
                && IsRoot(leaves, block.Row.Root)
            )
                SettleRightBlock(leaves, rows);
            else
                wrong.Add((block.Row, rows));
        }
        SettleStrays();
        foreach (var (block, rows) in wrong.Where(b => !chain.Unproven.Contains(b.Block.Sequence)))
            _displaced.AddRange(rows.Where(r => (uint)r.Index >= (uint)block.Count));
        // Blocks without a gap are settled first, because their surplus rows may fill the gaps of other blocks.
        foreach (var (block, rows) in wrong.OrderBy(b => HasGap(b.Block, b.Rows)).ThenBy(b => b.Block.Sequence))
            SettleWrongBlock(block, rows);
        foreach (var row in _displaced)
            Report(FaultKind.Inserted, row);
    }

    /// <summary>
    /// Settles a block whose root fits. The leaves in its places are the committed ones. Only the owner of each leaf is
    /// in question.
    /// </summary>
    private void SettleRightBlock(byte[][] leaves, List<SuspectEntry> rows)
    {
        foreach (var place in rows.Where(r => r.Altered || !r.Placed).GroupBy(d => d.Index))
        {
            // A correct row in its place is not among these rows. So if none of these rows owns the place, all of them
            // are surplus.
            var owned = place.Any(r =>
                r.Placed || !r.Altered && (uint)r.Index < (uint)leaves.Length && Same(r.Kept, leaves[r.Index])
            );
            SettlePlace([.. place], owned && (uint)place.Key < (uint)leaves.Length ? leaves[place.Key] : null);
        }
    }

    /// <summary>
    /// Settles the rows whose block does not exist. If the block's number is outside the ledger, the row may fill a gap
    /// of another block. The rows of a removed block prove nothing, so only an altered row is reported.
    /// </summary>
    private void SettleStrays()
    {
        foreach (var row in look.Strays)
        {
            if (row.Block <= 0 || row.Block > pinned.LastSequence)
                _displaced.Add(row);
            else if (row.Altered)
                Report(FaultKind.Altered, row);
        }
    }

    /// <param name="rows">The rows that claim the place.</param>
    /// <param name="leaf">The leaf that was committed there; null if none of the rows can own it.</param>
    private void SettlePlace(List<SuspectEntry> rows, byte[]? leaf)
    {
        var owner = leaf is null
            ? null
            : rows.Find(r => !r.Altered && Same(r.Kept, leaf))
                ?? rows.Find(r => Same(r.Computed, leaf))
                ?? rows.Find(r => Same(r.Kept, leaf));
        foreach (var row in rows)
        {
            if (!ReferenceEquals(row, owner))
                _displaced.Add(row);
            else if (row.Altered)
                Report(FaultKind.Altered, row);
        }
    }

    private static bool HasGap(LedgerBlock block, List<SuspectEntry> rows) =>
        rows.Select(r => r.Index).Where(i => (uint)i < (uint)block.Count).Distinct().Count() < block.Count;

    private void SettleWrongBlock(LedgerBlock block, List<SuspectEntry> rows)
    {
        var count = look.LeafSlots.CountOf(block.Sequence);
        var claims = rows.ToLookup(r => r.Index);
        if (count > 0 && Solve(block, count, claims) is { } leaves)
        {
            SettleSolved(block, claims, leaves);
        }
        else if (chain.Unproven.Contains(block.Sequence) || count == 0)
        {
            // Nothing proves the root itself. So besides the block, only rows that contradict themselves are named.
            if (!_named.Contains(block.Sequence))
                Faults.Add(new Fault(FaultKind.Chain, "LedgerBlocks", null, block.Sequence, null));
            foreach (var row in rows.Where(r => r.Altered))
                Report(FaultKind.Altered, row);
        }
        else
        {
            SettleUnsolved(block, count, rows, claims);
        }
    }

    private void SettleSolved(LedgerBlock block, ILookup<int, SuspectEntry> claims, byte[][] leaves)
    {
        var moved = new HashSet<SuspectEntry>(ReferenceEqualityComparer.Instance);
        if (chain.Unproven.Contains(block.Sequence))
            _displaced.AddRange(claims.Where(c => (uint)c.Key >= (uint)leaves.Length).SelectMany(c => c));
        for (var i = 0; i < leaves.Length; i++)
        {
            List<SuspectEntry> here = [.. claims[i]];
            if (!here.Exists(r => Gives(r, leaves[i])))
            {
                // The row claims another place than the one that the root proves.
                var owner = _displaced.Concat(claims.SelectMany(c => c)).First(r => Gives(r, leaves[i]));
                moved.Add(owner);
                Report(FaultKind.Altered, owner with { Block = block.Sequence, Index = i });
            }
            SettlePlace(here, leaves[i]);
        }
        _displaced.RemoveAll(moved.Contains);
    }

    private void SettleUnsolved(
        LedgerBlock block,
        int count,
        List<SuspectEntry> rows,
        ILookup<int, SuspectEntry> claims
    )
    {
        var gaps = Gaps(claims.Select(c => c.Key).Where(i => (uint)i < (uint)count).Order(), count).ToList();
        MissingPlaces.AddRange(gaps.Select(gap => (block.Sequence, gap.From, gap.To)));
        foreach (var claimants in claims.Where(c => (uint)c.Key < (uint)count).OrderBy(c => c.Key))
        {
            var rivals = claimants.Count() > 1;
            var presumed = rivals && claimants.Count(r => !r.Altered) == 1;
            foreach (var row in claimants)
            {
                if (rivals && !(presumed && !row.Altered))
                    Report(FaultKind.Inserted, row);
                else if (row.Altered)
                    Report(FaultKind.Altered, row);
            }
        }
        if (gaps.Count > 0 || rows.Count != count)
            return;

        // Every place has exactly one row, but the rows together do not give the root. If there is only one row, that
        // row was altered.
        if (AlteredKeys.Find(block, rows, signatures, ref _hashesLeft) is { } key)
        {
            Report(FaultKind.Altered, key);
            return;
        }
        // If tallies differ, an entry that the tallies count was altered.
        var suspects = hasOtherTallies ? rows.FindAll(r => r.Kind.IsTallied) : rows;
        if (suspects.Count == 0)
            suspects = rows;
        if (suspects.Count == 1)
        {
            if (!suspects[0].Altered)
                Report(FaultKind.Altered, suspects[0]);
            return;
        }
        var table = suspects.TrueForAll(r => r.Table == suspects[0].Table) ? suspects[0].Table : null;
        Faults.Add(new Fault(FaultKind.Altered, table, null, block.Sequence, null));
    }

    private static IEnumerable<(int From, int To)> Gaps(IEnumerable<int> claimed, int count)
    {
        var next = 0;
        foreach (var index in claimed)
        {
            if (index > next)
                yield return (next, index - 1);
            next = index + 1;
        }
        if (next < count)
            yield return (next, count - 1);
    }

    /// <summary>
    /// Returns the leaves that give the block's root, chosen from all leaves that claim to be in the block; null if no
    /// combination gives it.
    /// </summary>
    private byte[][]? Solve(LedgerBlock block, int count, ILookup<int, SuspectEntry> claims)
    {
        // Every gap needs a row of its own, and there are not enough rows.
        if (count - claims.Count(c => (uint)c.Key < (uint)count) > _displaced.Count + claims.Sum(c => c.Count() - 1L))
            return null;
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
                choices[i] = surplus ??= _displaced
                    .Concat(claims.Where(c => (uint)c.Key < (uint)count && c.Count() > 1).SelectMany(c => c))
                    .SelectMany(LeavesOf)
                    .DistinctBy(Convert.ToHexString)
                    .ToList();
            }
            else
            {
                return null;
            }
            trials *= choices[i].Count;
            if (trials == 0 || trials * count > Math.Min(MostForABlock, _hashesLeft))
                return null;
        }

        // The loop goes through all combinations like the digits of a number.
        var digits = new int[count];
        var leaves = new byte[count][];
        for (; trials > 0; trials--)
        {
            for (var i = 0; i < count; i++)
                leaves[i] = choices[i][digits[i]];
            _hashesLeft -= count;
            if (IsRoot(leaves, block.Root))
                return leaves;
            for (var i = 0; i < count && ++digits[i] == choices[i].Count; i++)
                digits[i] = 0;
        }
        return null;
    }

    private static IEnumerable<byte[]> LeavesOf(SuspectEntry row)
    {
        if (row.Kept is { } kept)
            yield return kept;
        if (row.Altered)
            yield return row.Computed;
    }

    private void Report(FaultKind kind, SuspectEntry row) =>
        Faults.Add(new Fault(kind, row.Table, row.Id, row.Block, row.Index));

    private static bool IsRoot(byte[][] leaves, byte[] root) => MerkleTree.Root(leaves).AsSpan().SequenceEqual(root);

    private static bool Gives(SuspectEntry row, byte[] leaf) =>
        Same(row.Kept, leaf) || row.Altered && Same(row.Computed, leaf);

    private static bool Same(byte[]? leaf, byte[] other) => leaf is not null && leaf.AsSpan().SequenceEqual(other);
}
