using System.Runtime.InteropServices;
using ServiceEval.Core.Ledger;

namespace ServiceEval.Web.Features.Ledger;

internal enum SegmentState
{
    /// <summary>No row has claimed a place of the segment in this pass.</summary>
    Untouched,
    Open,

    /// <summary>The segment is left to the next pass, because too many segments were open at the same time.</summary>
    PutOff,
    Closed,
}

/// <param name="MayBearEarlierTime">Whether the block's time may be the time of its predecessor instead of the time of
/// its commit.</param>
internal readonly record struct PlacedIn(LedgerBlock Block, bool MayBearEarlierTime);

/// <summary>
/// Consecutive blocks, with a leaf for each of their places while the segment is open. The leaves are kept in pages. A
/// page is created by the first row that needs it, so a forged count takes no memory.
/// </summary>
internal sealed class Segment(long first)
{
    private const int PageLength = 64;
    private const int BytesOfBlock = 320;

    private LedgerBlock?[] _blocks = [];
    private int[] _starts = [];
    private Hash[]?[] _pages = [];
    private int _taken;

    public long First => first;
    public long Last { get; private set; } = first - 1;

    /// <summary>The number of places that the walk of the chain counted.</summary>
    public int Places { get; private set; }
    public int Blocks => (int)(Last - First + 1);
    public SegmentState State { get; set; }

    /// <summary>The pass in which the segment was closed.</summary>
    public int ClosedIn { get; set; }

    /// <summary>The approximate number of bytes that the segment holds while it is open.</summary>
    public long Held { get; private set; }

    public bool IsFull => _taken == _starts[^1];

    /// <summary>Adds the next block.</summary>
    public void Provide(int count)
    {
        Last++;
        Places += count;
    }

    /// <param name="blocks">The stored blocks. A block that is gone or unreadable has no places.</param>
    public void Open(IEnumerable<Stored<LedgerBlock>> blocks)
    {
        _blocks = new LedgerBlock?[Blocks];
        foreach (var (block, legible, _) in blocks)
            if (legible && block.Count is > 0 and <= Segments.MostEntries)
                _blocks[block.Sequence - First] = block;
        _starts = new int[Blocks + 1];
        for (var i = 0; i < _blocks.Length; i++)
            _starts[i + 1] = _starts[i] + (_blocks[i]?.Count ?? 0);
        _pages = new Hash[]?[(_starts[^1] + PageLength - 1) / PageLength];
        Held = BytesOfBlock * _blocks.Length + 8L * _pages.Length;
        (_taken, State) = (0, SegmentState.Open);
    }

    /// <summary>
    /// Puts the leaf into its place. Returns null if the block has no such place, or another row has taken the place.
    /// </summary>
    public PlacedIn? Take(long sequence, int index, ReadOnlySpan<byte> leaf)
    {
        var at = (int)(sequence - First);
        if (_blocks[at] is not { } block || leaf.Length != 32 || (uint)index >= (uint)block.Count)
            return null;
        var place = _starts[at] + index;
        ref var page = ref _pages[place / PageLength];
        if (page is null)
        {
            page = new Hash[PageLength];
            Held += 32 * PageLength;
        }
        ref var hash = ref page[place % PageLength];
        if (hash != default)
            return null;
        hash = MemoryMarshal.Read<Hash>(leaf);
        _taken++;
        return new PlacedIn(block, MayBearEarlierTime(block, at));
    }

    /// <summary>Returns the blocks whose root differs from the root of the leaves in their places.</summary>
    public IEnumerable<long> Wrong()
    {
        for (var i = 0; i < _blocks.Length; i++)
        {
            if (
                _blocks[i] is not { } block
                || Leaves(i) is not { } leaves
                || !MerkleTree.Root(leaves).AsSpan().SequenceEqual(block.Root)
            )
                yield return First + i;
        }
    }

    /// <summary>Releases the memory of the segment.</summary>
    public void Release(SegmentState state)
    {
        (_blocks, _starts, _pages, Held, State) = ([], [], [], 0, state);
    }

    /// <summary>
    /// Returns whether the block's time may be the time of its predecessor. The predecessor of the segment's first
    /// block is in another segment, so its time is not known here.
    /// </summary>
    private bool MayBearEarlierTime(LedgerBlock block, int at) =>
        at == 0 ? First > 1 : _blocks[at - 1]?.CommittedAt == block.CommittedAt;

    /// <summary>Returns the leaves of a block; null if a place is empty.</summary>
    private byte[][]? Leaves(int at)
    {
        var leaves = new byte[_starts[at + 1] - _starts[at]][];
        for (var i = 0; i < leaves.Length; i++)
        {
            var place = _starts[at] + i;
            if (_pages[place / PageLength] is not { } page || page[place % PageLength] == default)
                return null;
            leaves[i] = MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref page[place % PageLength], 1)).ToArray();
        }
        return leaves;
    }

    private readonly record struct Hash(ulong A, ulong B, ulong C, ulong D);
}
