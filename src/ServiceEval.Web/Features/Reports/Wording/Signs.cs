using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Web.Features.Reports.Wording;

/// <summary>
/// The signs that replace a figure in a cell. Each reason has one sign, which is explained at the table. A missing
/// figure is never 0.
/// </summary>
public static class Signs
{
    /// <summary>There are too few ratings for a rate.</summary>
    public const string Few = "…";

    /// <summary>The figure is not published, because it would disclose who gave which grade.</summary>
    public const string Protected = "*";

    /// <summary>There is no data to compute the figure from, or the figure is unknown.</summary>
    public const string None = "–";

    /// <summary>
    /// The explanation of all three signs, for tables in which the numbers behind the signs differ from line to line.
    /// </summary>
    public const string Legend =
        $"“{Protected}”为不公布，“{Few}”为条数太少不计算，“{None}”为没有数据或者无从得知，都不表示零。";

    public static string Good(int? n, int? good) =>
        n is null ? None
        : good is { } known ? ReportText.Count(known)
        : Protected;

    /// <summary>
    /// Returns the sign in place of a rate, an interval or a mean. If there are enough ratings for a rate, the rate is
    /// protected.
    /// </summary>
    /// <param name="n">The number of ratings that the rate would have; null if it is unknown.</param>
    /// <param name="minimum">The smallest number of ratings for which a rate is computed.</param>
    public static string ForRate(int? n, int minimum) =>
        n is null or 0 ? None
        : n < minimum ? Few
        : Protected;

    public static string ForRate(WeeklyReport report, int? n) => ForRate(n, Minimum(report));

    /// <summary>
    /// Returns the sign for the whole report. If the report shows no grades, its rate is protected, however few its
    /// ratings are.
    /// </summary>
    public static string ForWhole(WeeklyReport report) =>
        report.N == 0 || ReportPrivacy.ShowsGrades(report) ? ForRate(report, report.N) : Protected;

    /// <summary>
    /// Returns the sign in place of four weeks together. If the week's own grades are shown, a report does not say
    /// whether another week is protected or all four weeks have too few ratings.
    /// </summary>
    public static string ForFourWeeks(int? good) => good is null ? Protected : None;

    /// <summary>Returns the sign in place of a figure about a part of the ratings, such as the corrections.</summary>
    /// <param name="n">Null if it is unknown whether there were any.</param>
    public static string ForPart(int? n) => n is null ? None : Protected;

    /// <summary>Explains the signs that occur. Returns null if none occurs.</summary>
    public static string? Explain(WeeklyReport report, IReadOnlySet<string> signs)
    {
        string[] said =
        [
            .. signs.Contains(Protected)
                ? [$"{Protected} 少于{report.Cohort}条，或者为防止由此推算，不公布"]
                : (string[])[],
            .. signs.Contains(Few) ? [$"{Few} 不足{Minimum(report)}条，不计算"] : (string[])[],
            .. signs.Contains(None) ? [$"{None} 没有数据，或者无从得知"] : (string[])[],
        ];
        return said.Length == 0 ? null : $"{string.Join("；", said)}。都不表示零。";
    }

    private static int Minimum(WeeklyReport report) => Math.Max(report.MinimumN, report.Cohort);
}
