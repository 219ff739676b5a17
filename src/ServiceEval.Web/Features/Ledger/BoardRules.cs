using ServiceEval.Core.Ledger;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Tallies;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// Compares the figures on the screens with the recount. A board is not an entry of the ledger, but it must not show
/// ratings that were never given.
/// </summary>
internal static class BoardRules
{
    private const string Cursors = "BoardCursors";
    private const string Days = "ReleasedDays";

    public static IEnumerable<Fault> Compare(BoardsFound boards, TallyRecount recount)
    {
        var given = recount
            .Windows.Where(w => w.Key.Tier.IsActive())
            .GroupBy(w => w.Key.WindowId)
            .ToDictionary(g => g.Key, g => g.Aggregate(default(GradeCounts), (sum, w) => sum + w.Value));
        foreach (var window in boards.Cursors.Keys.Union(boards.Released.Keys).Order())
        {
            var cursor = boards.Cursors.GetValueOrDefault(window);
            if (!IsSumOf(cursor, boards.Released.GetValueOrDefault(window)))
                yield return FaultOf(Days, window);
            if (!IsWithin(cursor, given.GetValueOrDefault(window), recount.Replaced.GetValueOrDefault(window)))
                yield return FaultOf(Cursors, window);
        }
    }

    /// <summary>
    /// Returns whether the cursor equals the sum of the released days. Every advance of a cursor is also added to a
    /// day, and nothing else is.
    /// </summary>
    private static bool IsSumOf(GradeCounts cursor, long[]? released) =>
        Grades.All.All(grade => cursor[grade] == (released?[(int)grade - 1] ?? 0));

    /// <summary>
    /// Returns whether the cursor can be the tally of an earlier moment. Only a correction can lower the count of a
    /// grade.
    /// </summary>
    private static bool IsWithin(GradeCounts cursor, GradeCounts given, GradeCounts replaced) =>
        Grades.All.All(grade => cursor[grade] <= (long)given[grade] + replaced[grade])
        && Grades.All.Sum(grade => (long)cursor[grade]) <= Grades.All.Sum(grade => (long)given[grade]);

    private static Fault FaultOf(string table, int window) =>
        new(FaultKind.Tally, table, window.ToString(System.Globalization.CultureInfo.InvariantCulture), null, null);
}
