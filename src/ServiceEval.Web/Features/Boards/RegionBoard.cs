using System.Globalization;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Web.Features.Boards;

/// <summary>
/// The content of a region's screen. The figures are the sums of what the boards of its halls show. A hall that moved
/// counts in its new region from the date of the move.
/// </summary>
/// <param name="Region">The region's code.</param>
/// <param name="Version">The sum of the versions of its halls' releases.</param>
/// <param name="ReleasedAt">The time of the newest release of a hall.</param>
/// <param name="ReceivedToday">The number of all ratings received today, released or not. This number reveals no
/// grade.</param>
/// <param name="Halls">The number of halls that the region and the regions below it have today.</param>
/// <param name="Children">The region's own halls, and then the regions directly below that have halls.</param>
/// <param name="Days">The last seven local dates, oldest first.</param>
/// <param name="Ledger">The ledger head when the newest release was made; null before the first release.</param>
/// <param name="BatchSize">The cohort size k.</param>
public sealed record RegionBoard(
    string Region,
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
    int Halls,
    IReadOnlyList<BoardPlace> Children,
    IReadOnlyList<BoardDay> Days,
    BlockResponse? Ledger,
    bool Demo,
    int BatchSize,
    int MinimumN,
    string TimeZone
)
{
    /// <summary>
    /// Returns the ETag of a board. The directory's version is a part of it, because no release tells of a renamed
    /// region or of a hall that moved.
    /// </summary>
    internal static string ETagOf(long version, int receivedToday, DateOnly localDate, int directoryVersion) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"\"{version}-{receivedToday}-{localDate:yyyy-MM-dd}-{directoryVersion}\""
        );
}

/// <summary>A hall, or a region with everything below it.</summary>
public sealed record BoardPlace(
    string Code,
    string Name,
    string ShortName,
    int N,
    int Good,
    double? Rate,
    double? Low,
    double? High
);
