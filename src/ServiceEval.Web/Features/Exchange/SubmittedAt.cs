using System.Globalization;
using System.Text;
using ServiceEval.Web.Tables;

namespace ServiceEval.Web.Features.Exchange;

/// <summary>
/// The time at which an imported rating was given. The text has an offset, or it states the hall's local time.
/// </summary>
internal static class SubmittedAt
{
    public const string WallClock = "yyyy-MM-dd HH:mm:ss";

    private const int FirstYear = 2000;

    private static readonly string[] Days =
    [
        "yyyy-M-d ",
        "yyyy/M/d ",
        "yyyy.M.d ",
        "yyyy'年'M'月'd'日' ",
        "yyyy'年'M'月'd'日'",
    ];
    private static readonly string[] Times =
    [
        "H:mm:ss",
        "H:mm",
        "H:mm:ss.FFFFFFF",
        "H'时'm'分'",
        "H'时'm'分's'秒'",
        "tth:mm",
        "tth:mm:ss",
        "tt h:mm",
        "tt h:mm:ss",
        "h:mm tt",
        "h:mm:ss tt",
    ];

    /// <summary>
    /// The requested format, and other formats that can mean one moment only: those of Chinese Excel and of databases.
    /// </summary>
    private static readonly string[] WallClocks = [.. Days.SelectMany(day => Times.Select(time => day + time))];

    private static readonly CultureInfo Chinese = HalvesOfDay("上午", "下午");

    /// <summary>
    /// The time by which a rating may lie in the future, because the clocks of two systems differ a little.
    /// </summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    private static readonly string[] WithOffset =
    [
        "yyyy-MM-dd'T'HH:mm:sszzz",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
        "yyyy-MM-dd'T'HH:mmzzz",
        "yyyy-MM-dd HH:mm:sszzz",
        "yyyy-MM-dd HH:mm:ss.FFFFFFFzzz",
        "yyyy-MM-dd HH:mm:sszz",
        "yyyy-MM-dd HH:mm:ss.FFFFFFFzz",
    ];

    /// <summary>Returns the instant, or what is wrong with the text, without the full stop.</summary>
    public static (DateTimeOffset? At, string? Fault) Read(string text, TimeZoneInfo zone, DateTimeOffset now)
    {
        if (text.Length == 0)
            return (null, "submittedAt 是空的");
        if (IsWallClock(text, out var wall))
        {
            // The year is checked before the conversion, because in some zones the first and last days of the calendar
            // have no instant.
            if (YearFault(wall.Year, text, now) is { } fault)
                return (null, fault);
            return zone.IsInvalidTime(wall)
                ? (null, $"submittedAt 的“{text}”在当地不存在，当时时钟拨快，跳过了这一刻")
                : Within(new DateTimeOffset(wall, OffsetAt(wall, zone)), text, now);
        }
        // The offset of the format does not accept the letter Z.
        var numeric = text.EndsWith('Z') ? $"{text.AsSpan(0, text.Length - 1)}+00:00" : text;
        return DateTimeOffset.TryParseExact(
            numeric,
            WithOffset,
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var at
        )
            ? YearFault(at.Year, text, now) is { } early
                ? (null, early)
                : Within(at, text, now)
            : (
                null,
                $"submittedAt 的“{Excerpt.Of(text)}”不是时间，应如 2025-03-01 09:30:00 或 2025-03-01T09:30:00+08:00"
            );
    }

    private static bool IsWallClock(string text, out DateTime wall)
    {
        // Full-width digits and colons are accepted, and any kind and number of blanks.
        var plain = string.Join(
            ' ',
            text.Normalize(NormalizationForm.FormKC).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        );
        return DateTime.TryParseExact(plain, WallClocks, Chinese, DateTimeStyles.None, out wall)
            || DateTime.TryParseExact(plain, WallClocks, CultureInfo.InvariantCulture, DateTimeStyles.None, out wall);
    }

    private static CultureInfo HalvesOfDay(string first, string second)
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.DateTimeFormat.AMDesignator, culture.DateTimeFormat.PMDesignator) = (first, second);
        return culture;
    }

    private static (DateTimeOffset? At, string? Fault) Within(DateTimeOffset at, string text, DateTimeOffset now) =>
        at > now + Ahead ? (null, Future(text)) : (at, null);

    private static string? YearFault(int year, string text, DateTimeOffset now) =>
        year < FirstYear ? $"submittedAt 的“{text}”早于 {FirstYear} 年"
        : year > now.Year + 1 ? Future(text)
        : null;

    private static string Future(string text) => $"submittedAt 的“{text}”在将来";

    /// <summary>
    /// Returns the larger offset if the clock showed the time twice. The text then means the earlier moment.
    /// </summary>
    private static TimeSpan OffsetAt(DateTime wall, TimeZoneInfo zone) =>
        zone.IsAmbiguousTime(wall) ? zone.GetAmbiguousTimeOffsets(wall).Max() : zone.GetUtcOffset(wall);
}
