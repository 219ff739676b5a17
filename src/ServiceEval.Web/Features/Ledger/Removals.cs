using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Tallies;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Names removed entries. A removed entry cannot be read any more. Its place is known. Its table and id are known only
/// if the other rows and the tallies leave a single answer. The tallies are trusted. If they were edited too, the
/// removal is not the only fault.
/// </summary>
internal static class Removals
{
    /// <summary>
    /// A longer range of places is one fault, because a forged count does not mean that as many entries were removed.
    /// </summary>
    private const int LongestNamedOneByOne = 100;

    /// <param name="ratings">The number of ratings that were counted.</param>
    /// <param name="orphans">The ratings that do not exist although entries were appended to them.</param>
    /// <param name="missingKey">The key that blocks name and that has no row.</param>
    /// <param name="tallies">The recounted tallies; null if the tallies cannot be recounted.</param>
    public static IEnumerable<Fault> Name(
        BlockSolver solver,
        LedgerSnapshot pinned,
        long ratings,
        IReadOnlyCollection<Guid> orphans,
        int? missingKey,
        TallyRecount? tallies
    )
    {
        if (solver.MissingPlaces.Count == 0)
            return [];
        var (table, id) = tallies is null
            ? (null, null)
            : Deduce(solver, pinned, ratings, orphans, missingKey, tallies);
        return solver.MissingPlaces.SelectMany(gone => Name(gone, table, id));
    }

    private static IEnumerable<Fault> Name((long Block, int From, int To) gone, string? table, string? id) =>
        gone.To - gone.From >= LongestNamedOneByOne
            ? [new Fault(FaultKind.Removed, table, id, gone.Block, gone.From, gone.To)]
            : Enumerable
                .Range(gone.From, gone.To - gone.From + 1)
                .Select(index => new Fault(FaultKind.Removed, table, id, gone.Block, index));

    private static (string? Table, string? Id) Deduce(
        BlockSolver solver,
        LedgerSnapshot pinned,
        long ratings,
        IReadOnlyCollection<Guid> orphaned,
        int? missingKey,
        TallyRecount tallies
    )
    {
        var gone = solver.MissingPlaces.Sum(g => g.To - g.From + 1L);
        // Tallies do not count keys. If a key is missing, the tallies do not tell what else is missing.
        if (missingKey is { } key)
            return gone == 1
                ? (EntryKind.Key.Table, key.ToString(System.Globalization.CultureInfo.InvariantCulture))
                : (null, null);
        var faults = solver.Faults;
        // An entry was appended to each of these ratings, but no row holds the rating. So each of them is a removed
        // entry.
        var orphans = faults.Exists(f => f.Table != EntryKind.Rating.Table) ? [] : orphaned;
        var missing =
            pinned.Windows.Values.Sum(Total)
            - (ratings - faults.Count(f => f.Kind == FaultKind.Inserted && f.Table == EntryKind.Rating.Table));
        if (missing == gone || orphans.Count == gone)
            return (EntryKind.Rating.Table, gone == 1 && orphans.Count == 1 ? orphans.Single().ToString() : null);
        if (missing != 0 || faults.Count > 0)
            return (null, null);

        // No rating is gone. A correction moves one count from one grade to another. A detail moves no count.
        var moves = pinned
            .Windows.Keys.Union(tallies.Windows.Keys)
            .Sum(key => Moves(pinned.Windows.GetValueOrDefault(key) - tallies.Windows.GetValueOrDefault(key)));
        if (moves == gone)
            return (EntryKind.Correction.Table, null);
        // Two corrections can cancel each other out, but one cannot. A key would be missing among the signers.
        List<EntryKind> others = [.. EntryKind.All.Except([EntryKind.Rating, EntryKind.Correction, EntryKind.Key])];
        return moves == 0 && gone == 1 && others is [var only] ? (only.Table, null) : (null, null);
    }

    private static long Total(GradeCounts counts) => Grades.All.Sum(grade => (long)counts[grade]);

    private static long Moves(GradeCounts difference) => Grades.All.Sum(grade => Math.Max(0L, difference[grade]));
}
