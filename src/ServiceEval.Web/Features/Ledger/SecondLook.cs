using ServiceEval.Core.Ledger;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Reads the ledger once more if something is wrong. It collects the rows of the suspect blocks and the tallies that
/// differ, because the first reading kept nothing of them. It settles as many as the memory holds. The others are only
/// counted.
/// </summary>
internal sealed class SecondLook(
    ILedgerReader reader,
    Entries entries,
    ReadCoverage coverage,
    Segments segments,
    Suspects suspects,
    TallyRecount tallies
)
{
    private const int MostRows = 200_000;
    private const int MostStrays = 10_000;

    private readonly Dictionary<long, List<SuspectEntry>> _rows = [];
    private readonly Dictionary<long, Stored<LedgerBlock>> _blocks = [];
    private readonly SortedSet<long> _order = [];
    private int _rowsKept;
    private long _last;
    private long _lastNow;

    public LeafSlots LeafSlots { get; } = new();

    /// <summary>The blocks that are settled, in their order.</summary>
    public IEnumerable<(Stored<LedgerBlock> Block, List<SuspectEntry> Rows)> Blocks =>
        _order.Select(sequence => (_blocks[sequence], _rows[sequence]));

    /// <summary>The rows that claim to be in a block that does not exist.</summary>
    public List<SuspectEntry> Strays { get; } = [];

    /// <summary>The number of blocks and rows that were too many.</summary>
    public long More { get; private set; }

    /// <param name="last">The last block of the first reading.</param>
    /// <param name="lastNow">The last block of this reading. The blocks between have not been verified.</param>
    public async Task RunAsync(long? since, long last, long lastNow, CancellationToken ct)
    {
        (_last, _lastNow) = (last, lastNow);
        await foreach (var block in Ledger.Blocks.ReadAsync(reader, since, last, ct))
        {
            if (!suspects.Blocks.Contains(block.Row.Sequence))
                continue;
            _blocks[block.Row.Sequence] = block;
            _rows[block.Row.Sequence] = [];
            _order.Add(block.Row.Sequence);
            LeafSlots.Provide(block.Row.Sequence, block.Legible ? block.Row.Count : 0);
        }
        await entries.ReadAsync(Take, ct);
        tallies.End();
    }

    private ValueTask Take(EntryGroup group)
    {
        tallies.Count(group);
        if (group.RatingEntry is { } rating)
            Take(rating);
        foreach (var appended in group.Appended)
            Take(appended);
        return ValueTask.CompletedTask;
    }

    private void Take(in Entry entry)
    {
        var block = entry.Row.Block;
        if (_rows.TryGetValue(block, out var rows))
        {
            rows.Add(SuspectEntry.Of(entry, LeafSlots.Take(block, entry.Row.Index, entry.Row.Leaf)));
            if (++_rowsKept > MostRows)
                GiveUpLast();
        }
        else if (coverage.Covers(block) && !segments.Has(block) && !(block > _last && block <= _lastNow))
        {
            if (Strays.Count < MostStrays)
                Strays.Add(SuspectEntry.Of(entry, placed: false));
            else
                More++;
        }
    }

    private void GiveUpLast()
    {
        var block = _order.Max;
        _order.Remove(block);
        _rows.Remove(block, out var rows);
        LeafSlots.Remove(block);
        _rowsKept -= rows!.Count;
        More++;
    }
}
