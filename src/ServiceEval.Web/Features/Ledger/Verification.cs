using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;
using ServiceEval.Data.Tallies;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Proves rows against blocks, blocks against each other and kept heads, and tallies against a recount, up to the head
/// there was at the start. Ratings, corrections and details are merged in the order of their ids, one pass each.
/// </summary>
public sealed class Verification(ILedgerReader reader)
{
    private readonly List<Fault> _faults = [];
    private readonly TallyChanges _recount = new();
    private long _ratings;
    private long _skipped;

    /// <param name="anchors">Collected before: what is pinned then is not older than any of them.</param>
    /// <param name="progress">Is told how many ratings have been read.</param>
    public async Task<VerificationResult> RunAsync(IReadOnlyList<Anchor> anchors, IProgress<long>? progress, CancellationToken ct)
    {
        var pinned = await reader.PinAsync(ct);
        var places = new Places(_faults);
        var last = await WalkChainAsync(pinned, places, anchors, ct);
        places.Open();
        await MergeAsync(pinned, places, progress, ct);

        var gone = places.Close();
        // What an entry was is known only if the tallies miss as many ratings as there are entries gone.
        var missing = pinned.Windows.Values.Sum(c => (long)c.Total) - _recount.Windows.Values.Sum(c => (long)c.Total);
        foreach (var (block, index) in gone)
            _faults.Add(new Fault(FaultKind.Removed, missing == gone.Count ? Places.Tables[1] : null, null, block, index));
        _faults.AddRange(TallyComparison.Compare(pinned, _recount));
        return new VerificationResult(_faults.Count == 0, new HeadFound(last.Sequence, Convert.ToHexStringLower(last.Hash)), _ratings, _faults);
    }

    private async Task<LedgerHead> WalkChainAsync(LedgerSnapshot pinned, Places places, IReadOnlyList<Anchor> anchors, CancellationToken ct)
    {
        var waiting = anchors.ToLookup(a => a.Sequence);
        var head = new LedgerHead();
        CheckAnchors(waiting[0], head.Hash);
        var page = await reader.BlocksAfterAsync(0, ct);
        while (page.Count > 0 && head.Sequence < pinned.LastSequence)
        {
            foreach (var block in page.TakeWhile(b => b.Sequence <= pinned.LastSequence))
            {
                if (block.Sequence != head.Sequence + 1) AddChain("LedgerBlocks", head.Sequence + 1);
                var hash = LeafEncoding.BlockHash(block.Sequence, head.Hash, block.Root, block.Count, block.CommittedAt);
                if (block.Algorithm == LeafEncoding.Sha256 && hash.AsSpan().SequenceEqual(block.Hash)) places.Provide(block);
                else if (block.Sequence == head.Sequence + 1) AddChain("LedgerBlocks", block.Sequence);
                CheckAnchors(waiting[block.Sequence], block.Hash);
                (head.Sequence, head.Hash) = (block.Sequence, block.Hash);
            }
            page = await reader.BlocksAfterAsync(page[^1].Sequence, ct);
        }
        foreach (var late in anchors.Where(a => a.Sequence > head.Sequence)) AddChain(late.Source, late.Sequence);
        if (pinned.Head is not { } row || row.Sequence != head.Sequence || !row.Hash.AsSpan().SequenceEqual(head.Hash)) AddChain("LedgerHead", head.Sequence);
        return head;
    }

    private void CheckAnchors(IEnumerable<Anchor> anchors, byte[] hash)
    {
        foreach (var anchor in anchors)
        {
            if (!anchor.Hash.AsSpan().SequenceEqual(hash)) AddChain(anchor.Source, anchor.Sequence);
        }
    }

    private void AddChain(string table, long block) => _faults.Add(new Fault(FaultKind.Chain, table, null, block, null));

    private async Task MergeAsync(LedgerSnapshot pinned, Places places, IProgress<long>? progress, CancellationToken ct)
    {
        await using var corrections = Pages.Read<Correction>(c => reader.CorrectionsAfterAsync(c?.RatingId, ct)).GetAsyncEnumerator(ct);
        await using var details = Pages.Read<RatingDetail>(d => reader.DetailsAfterAsync(d?.RatingId, d?.Grade ?? default, ct)).GetAsyncEnumerator(ct);
        var (correctionsLeft, detailsLeft) = (await corrections.MoveNextAsync(), await details.MoveNextAsync());

        await foreach (var rating in Pages.Read<Rating>(r => reader.RatingsAfterAsync(r?.Id, ct)).WithCancellation(ct))
        {
            for (; correctionsLeft && corrections.Current.RatingId < rating.Id; correctionsLeft = await corrections.MoveNextAsync()) await PutAsync(corrections.Current);
            for (; detailsLeft && details.Current.RatingId < rating.Id; detailsLeft = await details.MoveNextAsync()) await PutAsync(details.Current);
            var counts = await IsCoveredAsync(rating.Block);
            var state = new RatingState(rating);
            if (counts)
            {
                places.Put(1, rating.Id, rating, LeafEncoding.Of(rating), rating.Block <= pinned.LastSequence && rating.Block > 0);
                if (rating.Standing != Standing.Counted) places.Report(FaultKind.Altered, 1, rating.Id, rating.Block, rating.Index);
                if (++_ratings % 100_000 == 0) progress?.Report(_ratings);
            }
            for (; correctionsLeft && corrections.Current.RatingId == rating.Id; correctionsLeft = await corrections.MoveNextAsync())
                if (await PutAsync(corrections.Current)) state.Correction = corrections.Current;
            for (; detailsLeft && details.Current.RatingId == rating.Id; detailsLeft = await details.MoveNextAsync())
                if (await PutAsync(details.Current)) state.Add(details.Current);
            if (counts) Count(state);
        }
        for (; correctionsLeft; correctionsLeft = await corrections.MoveNextAsync()) await PutAsync(corrections.Current);
        for (; detailsLeft; detailsLeft = await details.MoveNextAsync()) await PutAsync(details.Current);

        async Task<bool> PutAsync(ILedgerEntry entry)
        {
            if (!await IsCoveredAsync(entry.Block)) return false;
            var known = entry.Block <= pinned.LastSequence && entry.Block > 0;
            if (entry is Correction c) places.Put(2, c.RatingId, c, LeafEncoding.Of(c), known);
            if (entry is not RatingDetail d) return true;
            places.Put(3, d.RatingId, d, LeafEncoding.Of(d), known);
            // Until erasures are entries of their own, a commitment without the text it binds is a text taken away.
            if ((d.Comment is null) != (d.CommentCommitment is null)
                || (d.Comment is not null && (d.CommentSalt is null || !LeafEncoding.Commit(d.CommentSalt, d.Comment).AsSpan().SequenceEqual(d.CommentCommitment))))
                places.Report(FaultKind.Altered, 3, d.RatingId, d.Block, d.Index);
            return true;
        }

        // A block after the pinned one is the next verification's, unless there is no such block even now.
        async ValueTask<bool> IsCoveredAsync(long block)
        {
            if (block <= pinned.LastSequence) return true;
            if (block > _skipped) _skipped = await reader.LastSequenceAsync(ct);
            return block > _skipped;
        }
    }

    private void Count(RatingState state)
    {
        if (!state.Rating.Grade.IsDefined() || !state.Grade.IsDefined()) return;
        _recount.Add(state.Rating);
        if (state.Correction is { } correction && correction.ReplacedGrade.IsDefined()) _recount.Correct(state.Rating, correction, null);
        if (state.Detail is { } detail) _recount.Add(state.Rating, detail);
    }
}
