using ServiceEval.Core.Ledger;
using ServiceEval.Web.Features.Ledger.Keys;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Follows the blocks from the first to the pinned one. Compares them with each other and with heads that were kept
/// elsewhere.
/// </summary>
/// <param name="since">A kept head that is trusted as proven; null to begin before the first block.</param>
internal sealed class ChainWalk(
    ILedgerReader reader,
    LedgerSnapshot pinned,
    IReadOnlyList<Anchor> anchors,
    BlockSignatures signatures,
    Anchor? since
)
{
    /// <summary>
    /// The most by which the clocks of nodes may differ. It applies to a ledger from before block times were kept from
    /// running backwards.
    /// </summary>
    private static readonly TimeSpan ClockStep = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The most by which a clock may have been set back between a block and a note of it, plus the time that a report
    /// takes.
    /// </summary>
    private static readonly TimeSpan NoteStep = CommitTime.SetBack + TimeSpan.FromMinutes(15);

    private const int MostUnproven = 10_000;

    /// <summary>
    /// If more blocks than this are missing in a row, the cause is one forged sequence number and not so many removed
    /// blocks. Only the first missing block is then named.
    /// </summary>
    private const int LongestGap = 1_000;

    private readonly ILookup<long, Anchor> _anchors = anchors.ToLookup(a => a.Sequence);
    private DateTimeOffset? _lastTime;

    public FaultList Faults { get; } = new();

    /// <summary>The faults of blocks that are in their place and break a rule.</summary>
    public FaultList Unlawful { get; } = new();

    /// <summary>
    /// Existing blocks that nothing proves, because their own hash is wrong or the block before is gone.
    /// </summary>
    public HashSet<long> Unproven { get; } = [];

    public LedgerHead Last { get; private set; } = new();

    public async Task RunAsync(Segments segments, CancellationToken ct)
    {
        if (since is not null)
            await BeginAfterAsync(since, ct);
        else
            Check(_anchors[0], Last.Hash);
        await foreach (var (block, legible, _) in Blocks.ReadAsync(reader, since?.Sequence, pinned.LastSequence, ct))
        {
            // The table may have been created again without its primary key.
            if (block.Sequence <= Last.Sequence)
            {
                Report("LedgerBlocks", block.Sequence);
                continue;
            }
            var follows = block.Sequence == Last.Sequence + 1;
            if (!follows)
                ReportGap(Last.Sequence + 1, block.Sequence - 1);
            if (!legible || !IsSealed(block))
            {
                if (Unproven.Count < MostUnproven)
                    Unproven.Add(block.Sequence);
                if (follows || !legible)
                    Report("LedgerBlocks", block.Sequence);
            }
            else
            {
                Judge(block);
            }
            if (legible)
                signatures.Check(block);
            segments.Provide(block.Sequence, legible ? block.Count : 0);
            Check(_anchors[block.Sequence], block.Hash);
            Last = new LedgerHead { Sequence = block.Sequence, Hash = block.Hash };
        }
        Unlawful.AddRange(signatures.End());
        foreach (var late in anchors.Where(a => a.Sequence > Last.Sequence))
            Report(late.Source, late.Sequence, late.Id);
        if (
            pinned.Head is not { } head
            || head.Sequence != Last.Sequence
            || !head.Hash.AsSpan().SequenceEqual(Last.Hash)
        )
            Report("LedgerHead", Last.Sequence);
        Faults.AddRange(pinned.OddHeads.Select(id => new Fault(FaultKind.Chain, "LedgerHead", id, null, null)));
    }

    /// <summary>Begins after the kept head. Its block must exist and must have the kept hash.</summary>
    private async Task BeginAfterAsync(Anchor kept, CancellationToken ct)
    {
        var block =
            kept.Sequence == 0
                ? null
                : (await reader.BlocksAfterAsync(kept.Sequence - 1, ct))
                    .Select(b => b.Row)
                    .FirstOrDefault(b => b.Sequence == kept.Sequence);
        if (!(block?.Hash ?? (kept.Sequence == 0 ? Last.Hash : [])).AsSpan().SequenceEqual(kept.Hash))
            Report(kept.Source, kept.Sequence);
        Last = new LedgerHead { Sequence = kept.Sequence, Hash = kept.Hash };
        Check(_anchors[kept.Sequence], kept.Hash);
        _lastTime = block?.CommittedAt;
    }

    private void Judge(LedgerBlock block)
    {
        if (block.Count > Segments.MostEntries)
            Break(Laws.BlockSize);
        if (_lastTime is { } before && before - block.CommittedAt > ClockStep)
            Break(Laws.BlockTime);
        // A head was noted after its block and before the next block.
        if (
            _anchors[block.Sequence].Any(a => block.CommittedAt - a.At > NoteStep)
            || _anchors[block.Sequence - 1].Any(a => a.At - block.CommittedAt > NoteStep)
        )
            Break(Laws.BlockNoted);
        _lastTime = block.CommittedAt;

        void Break(Law law) => Unlawful.Add(law.Fault("LedgerBlocks", null, block.Sequence));
    }

    private bool IsSealed(LedgerBlock block) =>
        block.Algorithm == LeafEncoding.Sha256
        && Last.Hash.Length == 32
        && LeafEncoding
            .BlockHash(block.Sequence, Last.Hash, block.Root, block.Count, block.CommittedAt)
            .AsSpan()
            .SequenceEqual(block.Hash);

    private void ReportGap(long first, long last)
    {
        if (last - first >= LongestGap)
            last = first;
        for (var missing = first; missing <= last; missing++)
            Report("LedgerBlocks", missing);
    }

    private void Check(IEnumerable<Anchor> kept, byte[] hash)
    {
        foreach (var anchor in kept)
        {
            if (!anchor.Hash.AsSpan().SequenceEqual(hash))
                Report(anchor.Source, anchor.Sequence, anchor.Id);
        }
    }

    private void Report(string table, long block, string? id = null) =>
        Faults.Add(new Fault(FaultKind.Chain, table, id, block, null));
}

internal static class Blocks
{
    /// <summary>
    /// Reads the blocks page by page. The next page is read while the blocks of this page are checked.
    /// </summary>
    public static async IAsyncEnumerable<Stored<LedgerBlock>> ReadAsync(
        ILedgerReader reader,
        long? after,
        long last,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct
    )
    {
        var coming = reader.BlocksAfterAsync(after, ct);
        while (coming is not null && await coming is { Count: > 0 } page)
        {
            var (reached, count) = (page.Max(b => b.Row.Sequence), page.Count);
            // A sequence that is not an integer is read as 0. Some databases sort it after all integers, so a page that
            // has only such sequences would come again and again.
            coming = reached < last && !(reached <= after) ? reader.BlocksAfterAsync(reached, ct) : null;
            // The rows after the largest sequence are read again with the next page.
            while (coming is not null && page[count - 1].Row.Sequence != reached)
                count--;
            foreach (var block in page.Take(count).TakeWhile(b => b.Row.Sequence <= last))
                yield return block;
            after = reached;
        }
    }
}
