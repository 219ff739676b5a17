using ServiceEval.Data.Ledger;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// The places that the blocks provide, and what was found on them. Rows come in the order of their ids, not of their
/// blocks: an index on the block would cost every rating some thirty bytes for ever, while a place costs 49 bytes here
/// and a block about 230, and only while verification runs.
/// </summary>
internal sealed class Places(List<Fault> faults)
{
    private const int MaxCount = 1_000_000;

    private readonly List<LedgerBlock> _blocks = [];
    private readonly Dictionary<long, (int Start, int Count)> _ranges = [];
    private readonly Dictionary<int, List<(byte[] Leaf, byte Table, Guid Id)>> _rivals = [];
    private readonly HashSet<long> _explained = [];
    private byte[] _leaves = [];
    private byte[] _tables = [];
    private Guid[] _ids = [];
    private int _size;

    public static readonly string[] Tables = ["", "Ratings", "Corrections", "RatingDetails"];

    /// <summary>A block whose own hash is sound provides its places; rows of any other can't be judged by place.</summary>
    public void Provide(LedgerBlock block)
    {
        if (block.Count is < 1 or > MaxCount) return;
        _blocks.Add(block);
        _ranges[block.Sequence] = (_size, block.Count);
        _size += block.Count;
    }

    public void Open()
    {
        _leaves = new byte[checked(_size * 32L)];
        _tables = new byte[_size];
        _ids = new Guid[_size];
    }

    /// <param name="known">Whether there is such a block at all, sound or not.</param>
    public void Put(byte table, Guid id, ILedgerEntry entry, byte[] leaf, bool known)
    {
        if (!entry.Leaf.AsSpan().SequenceEqual(leaf)) Report(FaultKind.Altered, table, id, entry.Block, entry.Index);
        if (!_ranges.TryGetValue(entry.Block, out var range))
        {
            if (!known) Report(FaultKind.Inserted, table, id, entry.Block, entry.Index);
            return;
        }
        if (entry.Index < 0 || entry.Index >= range.Count)
        {
            Report(FaultKind.Inserted, table, id, entry.Block, entry.Index);
            return;
        }

        var place = range.Start + entry.Index;
        if (_tables[place] != 0)
        {
            if (!_rivals.TryGetValue(place, out var rivals)) _rivals.Add(place, rivals = []);
            rivals.Add((entry.Leaf, table, id));
            return;
        }
        Take(place, entry.Leaf, table, id);
    }

    public void Report(FaultKind kind, byte table, Guid id, long block, int index)
    {
        faults.Add(new Fault(kind, Tables[table], id.ToString(), block, index));
        _explained.Add(block);
    }

    /// <summary>Judges every block once all rows are in their places; returns the entries that are gone.</summary>
    public List<(long Block, int Index)> Close()
    {
        var gone = new List<(long, int)>();
        foreach (var block in _blocks)
        {
            var (start, count) = _ranges[block.Sequence];
            var whole = true;
            for (var i = 0; i < count; i++)
            {
                if (_tables[start + i] == 0)
                {
                    gone.Add((block.Sequence, i));
                    whole = false;
                }
                if (_rivals.TryGetValue(start + i, out var rivals)) Settle(block, start, i, rivals);
            }
            if (whole && !_explained.Contains(block.Sequence) && !Fits(block, start))
                faults.Add(new Fault(FaultKind.Chain, "LedgerBlocks", null, block.Sequence, null));
        }
        return gone;
    }

    /// <summary>Of rows that claim one place the one that gives the root is the block's, the others were inserted.</summary>
    private void Settle(LedgerBlock block, int start, int index, List<(byte[] Leaf, byte Table, Guid Id)> rivals)
    {
        var place = start + index;
        for (var i = 0; i < rivals.Count && !Fits(block, start); i++)
        {
            var first = (Leaf(place), _tables[place], _ids[place]);
            Take(place, rivals[i].Leaf, rivals[i].Table, rivals[i].Id);
            if (Fits(block, start)) rivals[i] = first;
            else Take(place, first.Item1, first.Item2, first.Item3);
        }
        foreach (var (_, table, id) in rivals) Report(FaultKind.Inserted, table, id, block.Sequence, index);
    }

    private void Take(int place, byte[] leaf, byte table, Guid id)
    {
        leaf.CopyTo(_leaves, place * 32L);
        (_tables[place], _ids[place]) = (table, id);
    }

    private byte[] Leaf(int place) => _leaves.AsSpan(place * 32, 32).ToArray();

    private bool Fits(LedgerBlock block, int start)
    {
        var leaves = new byte[block.Count][];
        for (var i = 0; i < leaves.Length; i++) leaves[i] = Leaf(start + i);
        return MerkleTree.Root(leaves).AsSpan().SequenceEqual(block.Root);
    }
}
