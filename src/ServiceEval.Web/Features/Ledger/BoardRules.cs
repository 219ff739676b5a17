using ServiceEval.Data.Ledger;
using ServiceEval.Data.Ratings;
using ServiceEval.Data.Tallies;

namespace ServiceEval.Web.Features.Ledger;

/// <summary>
/// What screens show against the recount: a board is no entry of the ledger, but it can't show what was never given.
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

    /// <summary>Every advance of a cursor is also in a day, and nothing else is.</summary>
    private static bool IsSumOf(GradeCounts cursor, long[]? released) =>
        Grades.All.All(grade => cursor[grade] == (released?[(int)grade - 1] ?? 0));

    /// <summary>A cursor is the tally of some moment: nothing comes in and goes out again but by corrections.</summary>
    private static bool IsWithin(GradeCounts cursor, GradeCounts given, GradeCounts replaced) =>
        Grades.All.All(grade => cursor[grade] <= (long)given[grade] + replaced[grade])
        && Grades.All.Sum(grade => (long)cursor[grade]) <= Grades.All.Sum(grade => (long)given[grade]);

    private static Fault FaultOf(string table, int window) =>
        new(FaultKind.Tally, table, window.ToString(System.Globalization.CultureInfo.InvariantCulture), null, null);
}
