using System.Globalization;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Statistics;
using ServiceEval.Core.Tallies;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Web.Features.Boards;

/// <summary>
/// The content of a hall's screen. The figures are sums of released cohorts of active tiers over the 28 local dates
/// <paramref name="From"/>–<paramref name="To"/>. Rates are 0–1, and null if there are fewer than
/// <paramref name="MinimumN"/> ratings.
/// </summary>
/// <param name="Hall">The hall's code.</param>
/// <param name="Version">The version of the release; 0 before the first release.</param>
/// <param name="ReceivedToday">The number of all ratings received today, released or not. This number reveals no
/// grade.</param>
/// <param name="Days">The last seven local dates, oldest first.</param>
/// <param name="Ledger">The ledger head when the release was made; null before the first release.</param>
/// <param name="BatchSize">The cohort size k.</param>
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
    /// <summary>
    /// Returns the ETag of a board. It distinguishes the boards of a hall without naming their figures.
    /// </summary>
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
