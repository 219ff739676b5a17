using ServiceEval.Core.Tallies;

namespace ServiceEval.Web.Features.Boards;

/// <summary>The figures that the board of a hall and the board of a region have in common.</summary>
internal static class BoardFigures
{
    /// <summary>The number of local dates of a board's figures.</summary>
    public const int Span = 28;

    private const int TrendDays = 7;

    /// <summary>
    /// All 24 hours. A query names them, so that the database finds a day by the whole key of the tally: date, hour,
    /// window.
    /// </summary>
    public static readonly List<byte> Hours = [.. Enumerable.Range(0, 24).Select(hour => (byte)hour)];

    public static Dictionary<TKey, GradeCounts> Sums<TKey>(IEnumerable<IGrouping<TKey, GradedTally>> groups)
        where TKey : notnull => groups.ToDictionary(g => g.Key, Sum);

    public static GradeCounts Sum(IEnumerable<GradedTally> tallies) =>
        tallies.Aggregate(default(GradeCounts), (sum, tally) => sum + tally.Counts);

    public static BoardToday Today(GradeCounts counts, int minimum)
    {
        var (n, good, rate, low, high) = GoodRate.Of(counts, minimum);
        return new BoardToday(n, good, rate, low, high, GoodRate.ByGrade(counts));
    }

    /// <summary>Returns the last seven local dates, oldest first.</summary>
    public static IReadOnlyList<BoardDay> Trend(
        Dictionary<DateOnly, GradeCounts> byDate,
        DateOnly today,
        int minimum
    ) =>
        [
            .. Enumerable
                .Range(1 - TrendDays, TrendDays)
                .Select(today.AddDays)
                .Select(date => DayOf(date, byDate.GetValueOrDefault(date), minimum)),
        ];

    private static BoardDay DayOf(DateOnly date, GradeCounts counts, int minimum) =>
        new(date, counts.Total, GoodRate.Of(counts, minimum).Rate);
}
