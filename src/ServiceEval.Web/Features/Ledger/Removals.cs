using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;
using ServiceEval.Data.Tallies;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// What is gone can't be read any more: its place is known, its table and id only as far as other rows and the tallies
/// leave one answer. The tallies' word holds unless they were edited too, and is then not the only fault there is.
/// </summary>
internal static class Removals
{
    public static IEnumerable<Fault> Name(Judgement judgement, LedgerSnapshot pinned, Recount recount)
    {
        var (table, id) = Deduce(judgement, pinned, recount);
        return judgement.Gone.Select(gone => new Fault(FaultKind.Removed, table, id, gone.Block, gone.Index));
    }

    private static (string? Table, string? Id) Deduce(Judgement judgement, LedgerSnapshot pinned, Recount recount)
    {
        var gone = judgement.Gone.Count;
        // Keys are not in the tallies: where one is missing, these say nothing of what else is.
        if (judgement.MissingKey is { } key) return gone == 1 ? (Doubt.Keys, key.ToString(System.Globalization.CultureInfo.InvariantCulture)) : (null, null);
        var faults = judgement.Faults;
        // What was appended to a rating that no row is: each of these ratings is among what is gone.
        var orphans = faults.Exists(f => f.Table is not Doubt.Ratings) ? [] : recount.Orphans;
        var missing = pinned.Windows.Values.Sum(Total) - (recount.Ratings - faults.Count(f => f is { Kind: FaultKind.Inserted, Table: Doubt.Ratings }));
        if (missing == gone || orphans.Count == gone) return (Doubt.Ratings, gone == 1 && orphans.Count == 1 ? orphans.Single().ToString() : null);
        if (missing != 0 || faults.Count > 0) return (null, null);

        // No rating is gone. A correction moves one count from grade to grade; a detail moves none.
        var moves = pinned.Windows.Keys.Union(recount.Tallies.Windows.Keys)
            .Sum(key => Moves(pinned.Windows.GetValueOrDefault(key) - recount.Tallies.Windows.GetValueOrDefault(key)));
        if (moves == gone) return (Doubt.Corrections, null);
        // Two corrections can cancel each other out, one can't.
        return moves == 0 && gone == 1 ? (Doubt.Details, null) : (null, null);
    }

    private static long Total(GradeCounts counts) => Grades.All.Sum(grade => (long)counts[grade]);

    private static long Moves(GradeCounts difference) => Grades.All.Sum(grade => Math.Max(0L, difference[grade]));
}
