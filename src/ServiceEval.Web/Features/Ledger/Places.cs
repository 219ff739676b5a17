namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// A leaf for every place of the blocks that are looked at again; what a forged count provides takes no memory.
/// </summary>
internal sealed class Places
{
    private readonly Dictionary<long, (int Count, Dictionary<int, byte[]> Leaves)> _blocks = [];

    public void Provide(long block, int count) =>
        _blocks[block] = (count is < 1 or > Segments.MostEntries ? 0 : count, []);

    public void Remove(long block) => _blocks.Remove(block);

    /// <summary>0 if there is no such block.</summary>
    public int CountOf(long block) => _blocks.TryGetValue(block, out var places) ? places.Count : 0;

    /// <summary>False if the block has no such place, or another row has it already.</summary>
    public bool Take(long block, int index, byte[] leaf) =>
        leaf.Length == 32
        && _blocks.TryGetValue(block, out var places)
        && (uint)index < (uint)places.Count
        && places.Leaves.TryAdd(index, leaf);

    /// <summary>The block's leaves; null if there is no such block or one of its places is empty.</summary>
    public byte[][]? LeavesOf(long block)
    {
        if (!_blocks.TryGetValue(block, out var places) || places.Count == 0 || places.Leaves.Count < places.Count)
            return null;
        var leaves = new byte[places.Count][];
        foreach (var (index, leaf) in places.Leaves)
            leaves[index] = leaf;
        return leaves;
    }
}
