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
    /// <summary>Longer runs of places are one fault: a forged count is not so many entries gone.</summary>
    private const int LongestNamedOneByOne = 100;

    /// <param name="ratings">How many were counted.</param>
    /// <param name="orphans">Ratings that something was appended to and that are not there.</param>
    /// <param name="missingKey">A key that blocks name and no row is.</param>
    /// <param name="tallies">Null where they can't be recounted.</param>
    public static IEnumerable<Fault> Name(
        Judgement judgement,
        LedgerSnapshot pinned,
        long ratings,
        IReadOnlyCollection<Guid> orphans,
        int? missingKey,
        TallyRecount? tallies
    )
    {
        if (judgement.Gone.Count == 0)
            return [];
        var (table, id) = tallies is null
            ? (null, null)
            : Deduce(judgement, pinned, ratings, orphans, missingKey, tallies);
        return judgement.Gone.SelectMany(gone => Name(gone, table, id));
    }

    private static IEnumerable<Fault> Name((long Block, int From, int To) gone, string? table, string? id) =>
        gone.To - gone.From >= LongestNamedOneByOne
            ? [new Fault(FaultKind.Removed, table, id, gone.Block, gone.From, gone.To)]
            : Enumerable
                .Range(gone.From, gone.To - gone.From + 1)
                .Select(index => new Fault(FaultKind.Removed, table, id, gone.Block, index));

    private static (string? Table, string? Id) Deduce(
        Judgement judgement,
        LedgerSnapshot pinned,
        long ratings,
        IReadOnlyCollection<Guid> orphaned,
        int? missingKey,
        TallyRecount tallies
    )
    {
        var gone = judgement.Gone.Sum(g => g.To - g.From + 1L);
        // Keys are not in the tallies: where one is missing, these say nothing of what else is.
        if (missingKey is { } key)
            return gone == 1
                ? (Entry.Keys, key.ToString(System.Globalization.CultureInfo.InvariantCulture))
                : (null, null);
        var faults = judgement.Faults;
        // What was appended to a rating that no row is: each of these ratings is among what is gone.
        var orphans = faults.Exists(f => f.Table is not Entry.Ratings) ? [] : orphaned;
        var missing =
            pinned.Windows.Values.Sum(Total)
            - (ratings - faults.Count(f => f is { Kind: FaultKind.Inserted, Table: Entry.Ratings }));
        if (missing == gone || orphans.Count == gone)
            return (Entry.Ratings, gone == 1 && orphans.Count == 1 ? orphans.Single().ToString() : null);
        if (missing != 0 || faults.Count > 0)
            return (null, null);

        // No rating is gone. A correction moves one count from grade to grade; a detail moves none.
        var moves = pinned
            .Windows.Keys.Union(tallies.Windows.Keys)
            .Sum(key => Moves(pinned.Windows.GetValueOrDefault(key) - tallies.Windows.GetValueOrDefault(key)));
        if (moves == gone)
            return (Entry.Corrections, null);
        // Two corrections can cancel each other out, one can't.
        return moves == 0 && gone == 1 ? (Entry.Details, null) : (null, null);
    }

    private static long Total(GradeCounts counts) => Grades.All.Sum(grade => (long)counts[grade]);

    private static long Moves(GradeCounts difference) => Grades.All.Sum(grade => Math.Max(0L, difference[grade]));
}
