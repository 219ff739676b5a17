namespace ServiceEval.Web.Features.Ledger;

/// <summary>The leaves for the places of the suspect blocks. A forged count takes no memory.</summary>
internal sealed class LeafSlots
{
    private readonly Dictionary<long, (int Count, Dictionary<int, byte[]> Leaves)> _blocks = [];

    public void Provide(long block, int count) =>
        _blocks[block] = (count is < 1 or > Segments.MostEntries ? 0 : count, []);

    public void Remove(long block) => _blocks.Remove(block);

    /// <summary>Returns the number of the block's places; 0 if the block does not exist.</summary>
    public int CountOf(long block) => _blocks.TryGetValue(block, out var places) ? places.Count : 0;

    /// <summary>
    /// Puts the leaf into its place. Returns false if the block has no such place, or another row has taken the place.
    /// </summary>
    public bool Take(long block, int index, byte[] leaf) =>
        leaf.Length == 32
        && _blocks.TryGetValue(block, out var places)
        && (uint)index < (uint)places.Count
        && places.Leaves.TryAdd(index, leaf);

    /// <summary>Returns the block's leaves; null if the block does not exist or one of its places is empty.</summary>
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
