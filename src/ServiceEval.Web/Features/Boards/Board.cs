using System.Globalization;
using ServiceEval.Data.Ratings;
using ServiceEval.Data.Tallies;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Web.Features.Boards;

/// <summary>
/// What a hall's screen shows. Figures are sums of released cohorts of active tiers over the 28 local dates
/// <paramref name="From"/>–<paramref name="To"/>; rates are 0–1, null below <paramref name="MinimumN"/>.
/// </summary>
/// <param name="Hall">The hall's code.</param>
/// <param name="Version">Of the release; 0 before the first.</param>
/// <param name="ReceivedToday">All that came in today, released or not: it betrays no grade.</param>
/// <param name="Days">The last seven local dates, oldest first.</param>
/// <param name="Ledger">The ledger's head when the release was made; null before the first.</param>
/// <param name="BatchSize">k.</param>
public sealed record Board(
    string Hall,
    string Name,
    long Version,
    DateTime? ReleasedAt,
    int ReceivedToday,
    DateOnly From,
    DateOnly To,
    int N,
    int Good,
    double? Rate,
    double? Low,
    double? High,
    IReadOnlyDictionary<string, int> Grades,
    BoardToday Today,
    IReadOnlyList<BoardWindow> Windows,
    IReadOnlyList<BoardDay> Days,
    BlockResponse? Ledger,
    bool Demo,
    int BatchSize,
    int MinimumN,
    string TimeZone
)
{
    /// <summary>What tells one board of a hall from another, without its figures.</summary>
    public static string ETagOf(long version, int receivedToday, DateOnly localDate) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{version}-{receivedToday}-{localDate:yyyy-MM-dd}\"");
}

public sealed record BoardToday(
    int N,
    int Good,
    double? Rate,
    double? Low,
    double? High,
    IReadOnlyDictionary<string, int> Grades
);

public sealed record BoardWindow(string Number, string Name, int N, int Good, double? Rate, double? Low, double? High);

public sealed record BoardDay(DateOnly Date, int N, double? Rate);

/// <summary>A good rate with its interval, or nothing where the sample is too small to say.</summary>
internal readonly record struct GoodRate(int N, int Good, double? Rate, double? Low, double? High)
{
    public static GoodRate Of(GradeCounts counts, int minimumN)
    {
        var (n, good) = (counts.Total, counts.Good);
        // Figures that can't be (somebody edited a table) have no rate, and hold up no board.
        if (n < minimumN || counts.HasNegative)
            return new(n, good, null, null, null);
        var (low, high) = Wilson.Interval(good, n);
        return new(n, good, (double)good / n, low, high);
    }

    public static Dictionary<string, int> ByGrade(GradeCounts counts) =>
        Grades.All.ToDictionary(g => Words.Wire(g), g => counts[g]);
}
