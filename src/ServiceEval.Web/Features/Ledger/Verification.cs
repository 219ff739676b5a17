using ServiceEval.Data.Ledger;
using ServiceEval.Data.Reports;
using ServiceEval.Web.Features.Ledger.Keys;
using ServiceEval.Web.Features.Reports;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Proves rows against blocks, blocks against each other, kept heads and the keys that sign them, tallies against a recount, and frozen reports
/// against their hashes, up to the head there was at the start.
/// </summary>
/// <param name="known">Of the keys, from elsewhere than the database.</param>
public sealed class Verification(ILedgerReader reader, KnownKeys? known = null)
{
    /// <param name="anchors">Collected before: what is pinned then is not older than any of them.</param>
    /// <param name="progress">Is told how many ratings have been read.</param>
    public async Task<VerificationResult> RunAsync(IReadOnlyList<Anchor> anchors, IProgress<long>? progress, CancellationToken ct)
    {
        var (reports, kept) = await CheckReportsAsync(ct);
        var pinned = await reader.PinAsync(ct);
        // After the pinned moment: whatever admits a key moves the head, and later blocks are left out.
        List<Stored<LedgerKey>> keys = [.. (await reader.KeysAsync(ct)).Rows.Where(k => k.Row.Block <= pinned.LastSequence)];
        var signatures = new BlockSignatures(keys, known ?? KnownKeys.None);
        var (coverage, places) = (new Coverage(reader, pinned.LastSequence), new Places());
        var chain = new ChainWalk(reader, pinned, [.. anchors, .. kept], signatures);
        await chain.RunAsync(places, ct);
        places.Open();
        var recount = new Recount(reader, coverage, places);
        recount.Add(keys);
        await recount.RunAsync(progress, ct);
        var judgement = new Judgement(reader, pinned, coverage, places, chain, keys);
        await judgement.RunAsync(recount.Doubts, ct);

        // The cause before what follows from it: a row that is wrong, the chain, then the tallies that miss or count it.
        List<Fault> faults =
        [
            .. judgement.Faults.Concat(Removals.Name(judgement, pinned, recount)).OrderBy(f => f.Block).ThenBy(f => f.Index), .. reports,
            .. chain.Faults, .. TallyComparison.Compare(pinned, recount.Tallies),
        ];
        return new VerificationResult(faults.Count == 0, new HeadFound(chain.Last.Sequence, Convert.ToHexStringLower(chain.Last.Hash)), recount.Ratings, faults, signatures.Found());
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
