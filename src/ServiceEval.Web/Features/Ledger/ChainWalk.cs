using ServiceEval.Data.Ledger;
using ServiceEval.Web.Features.Ledger.Keys;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>Follows the blocks from the first to the pinned one, against each other and against heads kept elsewhere.</summary>
internal sealed class ChainWalk(ILedgerReader reader, LedgerSnapshot pinned, IReadOnlyList<Anchor> anchors, BlockSignatures signatures)
{
    /// <summary>More missing in a row are one forged sequence rather than so many blocks gone, and only the first is named.</summary>
    private const int LongestGap = 1_000;

    private readonly ILookup<long, Anchor> _anchors = anchors.ToLookup(a => a.Sequence);

    public List<Fault> Faults { get; } = [];

    /// <summary>Blocks that nothing vouches for, though they are there: their own hash is wrong, or the block before is gone.</summary>
    public HashSet<long> Unproven { get; } = [];

    public LedgerHead Last { get; private set; } = new();

    public async Task RunAsync(Places places, CancellationToken ct)
    {
        Check(_anchors[0], Last.Hash);
        await foreach (var (block, legible, _) in Blocks.ReadAsync(reader, pinned.LastSequence, ct))
        {
            if (block.Sequence <= 0)
            {
                Report("LedgerBlocks", block.Sequence);
                continue;
            }
            var follows = block.Sequence == Last.Sequence + 1;
            if (!follows) ReportGap(Last.Sequence + 1, block.Sequence - 1);
            if (!legible || !IsSealed(block))
            {
                Unproven.Add(block.Sequence);
                if (follows || !legible) Report("LedgerBlocks", block.Sequence);
            }
            if (legible) signatures.Check(block);
            places.Provide(block.Sequence, legible ? block.Count : 0);
            Check(_anchors[block.Sequence], block.Hash);
            Last = new LedgerHead { Sequence = block.Sequence, Hash = block.Hash };
        }
        Faults.AddRange(signatures.End());
        foreach (var late in anchors.Where(a => a.Sequence > Last.Sequence)) Report(late.Source, late.Sequence, late.Id);
        if (pinned.Head is not { } head || head.Sequence != Last.Sequence || !head.Hash.AsSpan().SequenceEqual(Last.Hash)) Report("LedgerHead", Last.Sequence);
        Faults.AddRange(pinned.OddHeads.Select(id => new Fault(FaultKind.Chain, "LedgerHead", id, null, null)));
    }

    private bool IsSealed(LedgerBlock block) =>
        block.Algorithm == LeafEncoding.Sha256 && Last.Hash.Length == 32
        && LeafEncoding.BlockHash(block.Sequence, Last.Hash, block.Root, block.Count, block.CommittedAt).AsSpan().SequenceEqual(block.Hash);

    private void ReportGap(long first, long last)
    {
        if (last - first >= LongestGap) last = first;
        for (var missing = first; missing <= last; missing++) Report("LedgerBlocks", missing);
    }

    private void Check(IEnumerable<Anchor> kept, byte[] hash)
    {
        foreach (var anchor in kept)
        {
            if (!anchor.Hash.AsSpan().SequenceEqual(hash)) Report(anchor.Source, anchor.Sequence, anchor.Id);
        }
    }

    private void Report(string table, long block, string? id = null) => Faults.Add(new Fault(FaultKind.Chain, table, id, block, null));
}

internal static class Blocks
{
    public static async IAsyncEnumerable<Stored<LedgerBlock>> ReadAsync(
        ILedgerReader reader, long last, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var coming = reader.BlocksAfterAsync(null, ct);
        while (await coming is { Count: > 0 } page)
        {
            coming = reader.BlocksAfterAsync(page[^1].Row.Sequence, ct);
            foreach (var block in page)
            {
                if (block.Row.Sequence > last) break;
                yield return block;
            }
        }
    }
}
