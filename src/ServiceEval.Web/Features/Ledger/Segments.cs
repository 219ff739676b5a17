using ServiceEval.Core.Ledger;

namespace ServiceEval.Web.Features.Ledger;

internal enum Placing
{
    Placed,

    /// <summary>The block has no such place, or another row has taken the place.</summary>
    Refused,

    /// <summary>The block does not exist.</summary>
    NoBlock,

    /// <summary>The row belongs to another pass.</summary>
    Elsewhere,
}

/// <param name="Blocks">The most blocks of a segment; as many as a page of the reader has.</param>
/// <param name="Places">The most places of a segment, unless its only block has more.</param>
/// <param name="Held">The most bytes that all open segments may hold together.</param>
internal sealed record SegmentLimits(int Blocks = 2_000, int Places = 131_072, long Held = 96 << 20);

/// <summary>
/// Compares the root of every block with the leaves of the rows that claim its places, in a fixed amount of memory.
/// Rows come in the order of their ids, which is nearly the order of their blocks. The first row that claims a place in
/// a segment opens the segment. It is closed as soon as all places are taken. Imported rows come in no order. Segments
/// that cannot be open at the same time are left to another pass over the rows.
/// </summary>
internal sealed class Segments(ILedgerReader reader, Suspects suspects, SegmentLimits limits)
{
    /// <summary>
    /// The most entries of a block. Every commit has fewer: an import of 4,000 rows with details has 8,000.
    /// </summary>
    public const int MostEntries = 65_536;

    private readonly List<Segment> _all = [];
    private readonly HashSet<Segment> _open = [];
    private Segment? _lastFound;
    private long _held;
    private int _pass = 1;

    public bool IsFirstPass => _pass == 1;

    /// <summary>Adds the blocks in their order. Blocks may be missing between them.</summary>
    public void Provide(long sequence, int count)
    {
        if (count is < 1 or > MostEntries)
            count = 0;
        if (
            _all is not [.., var last]
            || last.Last + 1 != sequence
            || last.Blocks == limits.Blocks
            || last.Places + count > limits.Places && last.Blocks > 0
        )
            _all.Add(last = new Segment(sequence));
        last.Provide(count);
    }

    /// <returns>The placing, and the block if the row is placed.</returns>
    public async ValueTask<(Placing Placing, PlacedIn? Place)> TakeAsync(ILedgerEntry row, CancellationToken ct)
    {
        if (Find(row.Block) is not { } segment)
            return (Placing.NoBlock, null);
        if (segment.State == SegmentState.Untouched)
            await OpenAsync(segment, ct);
        if (segment.State == SegmentState.PutOff)
            return (Placing.Elsewhere, null);
        if (segment.State == SegmentState.Closed)
            return (segment.ClosedIn == _pass ? Placing.Refused : Placing.Elsewhere, null);
        var held = segment.Held;
        var place = segment.Take(row.Block, row.Index, row.Leaf);
        _held += segment.Held - held;
        if (segment.IsFull)
            Close(segment);
        else
            PutOffIfTooMany();
        return (place is null ? Placing.Refused : Placing.Placed, place);
    }

    /// <summary>Ends a pass over all rows. Returns whether another pass is needed.</summary>
    public bool EndPass()
    {
        foreach (var segment in _all)
        {
            if (segment.State == SegmentState.Open)
                Close(segment);
            else if (segment.State == SegmentState.Untouched)
                CloseUntouched(segment);
        }
        _pass++;
        var left = _all.FindAll(s => s.State == SegmentState.PutOff);
        foreach (var segment in left)
            segment.State = SegmentState.Untouched;
        return left.Count > 0;
    }

    public bool Has(long block) => Find(block) is not null;

    private Segment? Find(long block)
    {
        if (_lastFound is { } known && block >= known.First && block <= known.Last)
            return known;
        var (found, after) = (-1, _all.Count);
        while (after - found > 1)
        {
            var middle = (found + after) / 2;
            if (_all[middle].First <= block)
                found = middle;
            else
                after = middle;
        }
        return found >= 0 && block <= _all[found].Last ? _lastFound = _all[found] : null;
    }

    private async Task OpenAsync(Segment segment, CancellationToken ct)
    {
        var blocks = new List<Stored<LedgerBlock>>(segment.Blocks);
        await foreach (var block in Blocks.ReadAsync(reader, segment.First - 1, segment.Last, ct))
        {
            if (block.Row.Sequence >= segment.First)
                blocks.Add(block);
        }
        segment.Open(blocks);
        _open.Add(segment);
        _held += segment.Held;
        PutOffIfTooMany();
    }

    /// <summary>Puts the last segments off, so that the open segments are the first ones.</summary>
    private void PutOffIfTooMany()
    {
        while (_held > limits.Held && _open.Count > 1)
            LetGo(_open.MaxBy(s => s.First)!, SegmentState.PutOff);
    }

    private void Close(Segment segment)
    {
        foreach (var block in segment.Wrong())
            suspects.Add(block);
        LetGo(segment, SegmentState.Closed);
        segment.ClosedIn = _pass;
    }

    /// <summary>Closes a segment in whose blocks no row claims a place.</summary>
    private void CloseUntouched(Segment segment)
    {
        // The last block may have the largest sequence that there is, so no sequence lies behind it.
        for (var i = 0; i < segment.Blocks; i++)
            suspects.Add(segment.First + i);
        (segment.State, segment.ClosedIn) = (SegmentState.Closed, _pass);
    }

    private void LetGo(Segment segment, SegmentState state)
    {
        _open.Remove(segment);
        _held -= segment.Held;
        segment.Release(state);
    }
}
