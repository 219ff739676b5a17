using System.Runtime.InteropServices;
using ServiceEval.Data.Ledger;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// A leaf for every place that the blocks provide. Rows come in the order of their ids, not of their blocks: an index on
/// the block would cost every rating some thirty bytes for ever, while a place costs 32 bytes here and a block four to
/// eight, and only while verification runs. Whose leaf it is, is looked up again for blocks that turn out wrong.
/// </summary>
internal sealed class Places
{
    /// <summary>No commit is this large; a forged count can't make verification ask for all memory there is.</summary>
    private const int MaxCount = 1_000_000;

    // Where sequences go on without a gap, which is everywhere in an honest ledger, a block's number is its position.
    private readonly List<(long First, int Position)> _runs = [];
    private readonly List<int> _starts = [0];
    private Hash[] _leaves = [];
    private long _next;

    public void Provide(long sequence, int count)
    {
        if (_runs.Count == 0 || sequence != _next) _runs.Add((sequence, _starts.Count - 1));
        _next = sequence + 1;
        var end = _starts[^1] + (count is < 1 or > MaxCount ? 0L : count);
        _starts.Add(end > Array.MaxLength ? _starts[^1] : (int)end);
    }

    /// <summary>After the last block and before the first row.</summary>
    public void Open() => _leaves = new Hash[_starts[^1]];

    /// <summary>False if the block has no such place, or another row has it already.</summary>
    public bool Take(long block, int index, ReadOnlySpan<byte> leaf)
    {
        if (leaf.Length != 32 || Of(block) is not { } places || (uint)index >= (uint)places.Count) return false;
        ref var place = ref _leaves[places.Start + index];
        if (place != default) return false;
        place = MemoryMarshal.Read<Hash>(leaf);
        return true;
    }

    /// <summary>The block's leaves, null where no row is; null if there is no such block.</summary>
    public byte[]?[]? LeavesOf(long block)
    {
        if (Of(block) is not { } places) return null;
        var leaves = new byte[]?[places.Count];
        for (var i = 0; i < leaves.Length; i++)
        {
            ref var place = ref _leaves[places.Start + i];
            if (place != default) leaves[i] = MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref place, 1)).ToArray();
        }
        return leaves;
    }

    private (int Start, int Count)? Of(long block)
    {
        var (run, after) = (-1, _runs.Count);
        while (after - run > 1)
        {
            var middle = (run + after) / 2;
            if (_runs[middle].First <= block) run = middle;
            else after = middle;
        }
        if (run < 0) return null;
        var position = block - _runs[run].First + _runs[run].Position;
        var end = run + 1 < _runs.Count ? _runs[run + 1].Position : _starts.Count - 1;
        return position < end ? (_starts[(int)position], _starts[(int)position + 1] - _starts[(int)position]) : null;
    }

    private readonly record struct Hash(ulong A, ulong B, ulong C, ulong D);
}
