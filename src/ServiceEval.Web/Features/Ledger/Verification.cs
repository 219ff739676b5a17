using ServiceEval.Data.Ledger;
using ServiceEval.Data.Reports;
using ServiceEval.Web.Features.Reports;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Proves rows against blocks, blocks against each other and kept heads, tallies against a recount, and frozen reports
/// against their hashes, up to the head there was at the start.
/// </summary>
public sealed class Verification(ILedgerReader reader)
{
    /// <param name="anchors">Collected before: what is pinned then is not older than any of them.</param>
    /// <param name="progress">Is told how many ratings have been read.</param>
    public async Task<VerificationResult> RunAsync(IReadOnlyList<Anchor> anchors, IProgress<long>? progress, CancellationToken ct)
    {
        var (reports, kept) = await CheckReportsAsync(ct);
        var pinned = await reader.PinAsync(ct);
        var (coverage, places) = (new Coverage(reader, pinned.LastSequence), new Places());
        var chain = new ChainWalk(reader, pinned, [.. anchors, .. kept]);
        await chain.RunAsync(places, ct);
        places.Open();
        var recount = new Recount(reader, coverage, places);
        await recount.RunAsync(progress, ct);
        var judgement = new Judgement(reader, pinned, coverage, places, chain);
        await judgement.RunAsync(recount.Doubts, ct);

        // The cause before what follows from it: a row that is wrong, the chain, then the tallies that miss or count it.
        List<Fault> faults =
        [
            .. judgement.Faults.Concat(Removals.Name(judgement, pinned, recount)).OrderBy(f => f.Block).ThenBy(f => f.Index), .. reports,
            .. chain.Faults, .. TallyComparison.Compare(pinned, recount.Tallies),
        ];
        return new VerificationResult(faults.Count == 0, new HeadFound(chain.Last.Sequence, Convert.ToHexStringLower(chain.Last.Hash)), recount.Ratings, faults);
    }

    private async Task<(List<Fault> Faults, List<Anchor> Heads)> CheckReportsAsync(CancellationToken ct)
    {
        var (faults, heads) = (new List<Fault>(), new List<Anchor>());
        await reader.ReadReportsAsync(Check, ct);
        return (faults, heads);

        void Check(Stored<Report> stored)
        {
            var report = stored.Row;
            if (!stored.Legible || !WeeklyReport.IsAsFrozen(report)) faults.Add(new Fault(FaultKind.Altered, "Reports", report.Id, null, null));
            heads.Add(new Anchor("Reports", report.LedgerSequence, report.LedgerHash, report.Id));
        }
    }
}
