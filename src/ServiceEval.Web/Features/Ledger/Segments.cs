using ServiceEval.Data.Ledger;

namespace ServiceEval.Web.Features.Ledger;

internal enum Placing
{
    Placed,

    /// <summary>The block has no such place, or another row has it.</summary>
    Refused,

    /// <summary>There is no such block.</summary>
    NoBlock,

    /// <summary>It is another pass's.</summary>
    Elsewhere,
}

/// <param name="Blocks">Of a segment at most; as many as a page of the reader has.</param>
/// <param name="Places">Of a segment at most, unless its one block has more.</param>
/// <param name="Held">Bytes that open segments may hold together.</param>
internal sealed record SegmentLimits(int Blocks = 2_000, int Places = 131_072, long Held = 96 << 20);

/// <summary>
/// Holds every block's root against the leaves of the rows that claim its places, in memory of a fixed size. Rows come
/// in the order of their ids, which is nearly that of their blocks: a segment is opened by the first row that claims a
/// place in it, and closed as soon as every place is taken. Where rows come in no order at all, as imported ones do,
/// the segments that can't be open at once are left to another pass over the rows.
/// </summary>
internal sealed class Segments(ILedgerReader reader, Suspects suspects, SegmentLimits limits)
{
    /// <summary>More than any commit has: an import of 4,000 rows with details has 8,000.</summary>
    public const int MostEntries = 65_536;

    private readonly List<Segment> _all = [];
    private readonly HashSet<Segment> _open = [];
    private Segment? _lastFound;
    private long _held;
    private int _pass = 1;

    public bool IsFirstPass => _pass == 1;

    /// <summary>The blocks in their order, whatever is missing between them.</summary>
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

    /// <returns>And the block, if the row is placed.</returns>
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

    /// <summary>Ends a pass over all rows; whether it takes another.</summary>
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
        for (var after = segment.First - 1; after < segment.Last; )
        {
            var page = await reader.BlocksAfterAsync(after, ct);
            if (page.Count == 0)
                break;
            blocks.AddRange(page.Where(b => b.Row.Sequence >= segment.First && b.Row.Sequence <= segment.Last));
            after = page[^1].Row.Sequence;
        }
        segment.Open(blocks);
        _open.Add(segment);
        _held += segment.Held;
        PutOffIfTooMany();
    }

    /// <summary>The last ones, so that what is open goes from the first on.</summary>
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

    /// <summary>No row at all claims to be in these blocks.</summary>
    private void CloseUntouched(Segment segment)
    {
        for (var block = segment.First; block <= segment.Last; block++)
            suspects.Add(block);
        (segment.State, segment.ClosedIn) = (SegmentState.Closed, _pass);
    }

    private void LetGo(Segment segment, SegmentState state)
    {
        _open.Remove(segment);
        _held -= segment.Held;
        segment.Release(state);
    }
}
