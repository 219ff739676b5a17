using ServiceEval.Core.Ledger;
using ServiceEval.Core.Reports;
using ServiceEval.Core.Tallies;
using ServiceEval.Web.Features.Ledger.Keys;
using ServiceEval.Web.Features.Reports;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Proves the ledger up to the head at the start. It compares rows with blocks, and blocks with each other, with kept
/// heads and with the keys that sign them. It checks all of these against the rules, tallies and boards against a
/// recount, and frozen reports against their hashes.
/// </summary>
/// <param name="known">The knowledge of the signing keys from outside the database.</param>
/// <param name="receipts">The ring of ticket keys; null if the keys are not available. Receipts are then not
/// proven.</param>
/// <param name="since">A kept head. The entries of its block and of the blocks before are trusted as proven. Tallies
/// and boards are then not compared, because they count from the first rating. Keys up to this block may
/// sign only if they are known from outside the database.</param>
public sealed class Verification(
    ILedgerReader reader,
    KnownKeys? known = null,
    ReceiptRing? receipts = null,
    Anchor? since = null
)
{
    /// <summary>The most keys of differing tallies that are named.</summary>
    private const long MostKeys = 200_000;

    /// <summary>The most mailed reports that are compared with the mails.</summary>
    private const int MostMailed = 200_000;

    internal SegmentLimits Limits { get; init; } = new();

    /// <param name="anchors">The heads that were collected before. The head that is pinned afterwards is not older than
    /// any of them.</param>
    /// <param name="progress">Receives the number of ratings that have been read.</param>
    public async Task<VerificationResult> RunAsync(
        IReadOnlyList<Anchor> anchors,
        IProgress<long>? progress,
        CancellationToken ct
    )
    {
        var places = await reader.PlacesAsync(ct);
        var reports = await ReadReportsAsync(places.RootCode, ct);
        var stored = new TallySums(new TallySecret());
        var pinned = await reader.PinAsync(stored, ct);
        var signatures = await ReadKeysAsync(pinned, ct);
        var (coverage, suspects) = (
            new ReadCoverage(reader, since?.Sequence ?? 0, pinned.LastSequence),
            new Suspects()
        );
        var segments = new Segments(reader, suspects, Limits);
        var kept = ((IEnumerable<Anchor>)[.. anchors, .. reports.Heads, .. HeadsOf(pinned.Boards)]).Where(a =>
            a.Sequence >= (since?.Sequence ?? 0)
        );
        var chain = new ChainWalk(reader, pinned, [.. kept], signatures, since);
        await chain.RunAsync(segments, ct);

        var judge = new EntryJudge(pinned.Directory);
        var tallies = new TallyRecount(new TallySums(stored.Secret), reports.Totals, places);
        var entries = new Entries(reader, coverage, receipts);
        var recount = new Recount(entries, coverage, segments, suspects, judge, tallies);
        await recount.RunAsync(progress, ct);

        var faults = new FaultList();
        await JudgeAsync(
            faults,
            new(pinned, stored, segments, suspects, chain, signatures, judge, recount),
            reports,
            ct
        );
        var head = new HeadFound(chain.Last.Sequence, Convert.ToHexStringLower(chain.Last.Hash));
        return new VerificationResult(
            faults.Named.Count == 0 && faults.More == 0,
            head,
            recount.Ratings,
            faults.Named,
            faults.More,
            signatures.Found()
        );
    }

    /// <summary>
    /// Lists a cause before its effects: wrong rows, the chain, broken rules, and then the tallies that miss or count
    /// these rows.
    /// </summary>
    private async Task JudgeAsync(FaultList faults, Found found, ReportRules reports, CancellationToken ct)
    {
        // This fault is added first, because the rows themselves may fill the list.
        if (found.Signatures.HasMoreKeys)
            faults.Add(Laws.TooMany.Fault(EntryKind.Key.Table, null));
        var different = since is null ? found.Stored.DifferenceFrom(found.Recount.Tallies.Sums) : [];
        var isWrong = since is null && TallyComparison.DifferInWindows(found.Pinned, found.Recount.Tallies);
        var tallies = new FaultList();
        var isGone = false;
        if (found.Suspects.Any || different.Count > 0 || isWrong || found.Pinned.Odd.Named.Count > 0)
            isGone = await LookAgainAsync(faults, tallies, found, different, isWrong, ct);
        faults.Count(found.Suspects.More);
        faults.AddRange(reports.Faults);
        faults.AddRange(found.Chain.Faults);
        faults.AddRange(found.Chain.Unlawful);
        AddUnlawful(faults, found.Judge, isGone);
        if (found.Pinned.ShowsMadeUpPast)
            faults.Add(Laws.MadeUpPast.Fault("Installation", null));
        // If rows differ from what was committed, the totals of reports differ too. That is no further fault.
        if (since is null && !found.Suspects.Any && different.Count == 0 && !isWrong)
            tallies.AddRange(reports.Totals.Differences());
        if (since is null)
            tallies.AddRange(BoardRules.Compare(found.Pinned.Boards, found.Recount.Tallies));
        faults.AddRange(tallies);
    }

    /// <returns>Whether an entry is gone.</returns>
    private async Task<bool> LookAgainAsync(
        FaultList faults,
        FaultList tallies,
        Found found,
        IReadOnlyList<int> different,
        bool isWrong,
        CancellationToken ct
    )
    {
        var wanted = different.Take(found.Stored.BucketsWith(MostKeys)).ToHashSet();
        var stored = new TallySums(found.Stored.Secret, wanted);
        var pinned = await reader.PinAsync(stored, ct);
        var coverage = new ReadCoverage(reader, since?.Sequence ?? 0, pinned.LastSequence);
        var recount = new TallyRecount(new TallySums(found.Stored.Secret, wanted));
        var look = new SecondLook(
            reader,
            new Entries(reader, coverage, receipts: null),
            coverage,
            found.Segments,
            found.Suspects,
            recount
        );
        await look.RunAsync(since?.Sequence, found.Pinned.LastSequence, pinned.LastSequence, ct);
        var solver = new BlockSolver(
            look,
            found.Pinned,
            found.Chain,
            found.Signatures,
            hasOtherTallies: different.Count > 0 || isWrong
        );
        solver.Run();
        var removed = Removals.Name(
            solver,
            pinned,
            recount.Ratings,
            found.Judge.Orphans,
            found.Signatures.MissingKey,
            since is null ? recount : null
        );
        faults.AddRange(solver.Faults.Concat(removed).OrderBy(f => f.Block).ThenBy(f => f.Index));
        faults.Count(look.More);
        if (since is not null)
            return solver.MissingPlaces.Count > 0;
        tallies.AddRange(TallyComparison.Compare(pinned, stored, recount));
        tallies.Count(pinned.Odd.More + different.Count - wanted.Count);
        return solver.MissingPlaces.Count > 0;
    }

    /// <summary>
    /// Reads the keys after the pinned moment. A block that admits a key moves the head, so the keys of later blocks
    /// are left out.
    /// </summary>
    private async Task<BlockSignatures> ReadKeysAsync(LedgerSnapshot pinned, CancellationToken ct)
    {
        var page = await reader.WholeTableAsync(EntryKind.Key, ct);
        return new(
            [.. page.Rows.Where(k => k.Row.Block <= pinned.LastSequence)],
            known ?? KnownKeys.None,
            since?.Sequence ?? 0,
            page.HasMore
        );
    }

    private static void AddUnlawful(FaultList faults, EntryJudge judge, bool isGone)
    {
        // A row that was inserted or altered is not also reported for a broken rule.
        var named = faults.Named.Select(f => (f.Table, f.Id)).ToHashSet();
        if (judge.ForeignTicketKeys is { } foreign)
            faults.Add(foreign);
        faults.AddRange(
            judge.Faults.Where(f => !named.Contains((f.Table, f.Id))).OrderBy(f => f.Block).ThenBy(f => f.Index)
        );
        faults.Count(judge.More);
        if (!isGone && !faults.Named.Any(f => f.Table == EntryKind.Rating.Table && f.Kind != FaultKind.Unlawful))
            faults.AddRange(judge.OfOrphans.Where(f => !named.Contains((f.Table, f.Id))));
    }

    private static IEnumerable<Anchor> HeadsOf(BoardsFound boards) =>
        boards.Releases.Select(r => new Anchor(
            "BoardReleases",
            r.LedgerSequence,
            r.LedgerHash,
            r.HallId.ToString(System.Globalization.CultureInfo.InvariantCulture),
            r.ReleasedAt
        ));

    private async Task<ReportRules> ReadReportsAsync(string rootCode, CancellationToken ct)
    {
        // The mails are read first, because a report exists before it is mailed.
        var mailed = new Dictionary<ReportId, DateTimeOffset?>();
        var isTooMany = false;
        await reader.ReadReportMailsAsync(Note, ct);
        var rules = new ReportRules(mailed, rootCode);
        if (isTooMany)
            rules.Faults.Add(Laws.TooMany.Fault("ReportMails", null));
        await reader.ReadReportsAsync(rules.Take, ct);
        rules.End();
        return rules;

        void Note(MailFound mail)
        {
            var id = new ReportId(mail.Scope, mail.Week, mail.Version);
            if (mailed.Count == MostMailed && !mailed.ContainsKey(id))
            {
                isTooMany = true;
                return;
            }
            var known = mailed.GetValueOrDefault(id);
            mailed[id] = known is null || mail.SentAt < known ? mail.SentAt ?? known : known;
        }
    }

    private sealed record Found(
        LedgerSnapshot Pinned,
        TallySums Stored,
        Segments Segments,
        Suspects Suspects,
        ChainWalk Chain,
        BlockSignatures Signatures,
        EntryJudge Judge,
        Recount Recount
    );
}
