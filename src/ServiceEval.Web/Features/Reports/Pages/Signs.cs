namespace ServiceEval.Web.Features.Reports.Pages;

/// <summary>
/// What stands in a cell in place of a figure: one sign for each reason, explained at the table, and never 0.
/// </summary>
public static class Signs
{
    /// <summary>There are too few ratings for a rate.</summary>
    public const string Few = "…";

    /// <summary>Not published, because it would tell who gave which grade.</summary>
    public const string Protected = "*";

    /// <summary>There is nothing to compute it from, or nobody knows.</summary>
    public const string None = "–";

    /// <summary>Of all three, where the numbers behind them differ from line to line.</summary>
    public const string Legend =
        $"“{Protected}”为不公布，“{Few}”为条数太少不计算，“{None}”为没有数据或者无从得知，都不表示零。";

    public static string Good(int? n, int? good) =>
        n is null ? None
        : good is { } known ? ReportText.Count(known)
        : Protected;

    /// <summary>
    /// In place of a rate, an interval or a mean. Where there are enough ratings for one, it is protected.
    /// </summary>
    /// <param name="n">How many ratings it would be of; null where nobody knows.</param>
    /// <param name="minimum">Of fewer ratings no rate is computed.</param>
    public static string ForRate(int? n, int minimum) =>
        n is null or 0 ? None
        : n < minimum ? Few
        : Protected;

    public static string ForRate(WeeklyReport report, int? n) => ForRate(n, Minimum(report));

    /// <summary>The same of the whole report: without grades it has no rate, however few its ratings are.</summary>
    public static string ForWhole(WeeklyReport report) =>
        report.N == 0 || ReportPrivacy.ShowsGrades(report) ? ForRate(report, report.N) : Protected;

    /// <summary>
    /// In place of four weeks together. Where the week's own grades are shown, a report does not say whether another
    /// week is protected or all four have too few ratings.
    /// </summary>
    public static string ForFourWeeks(int? good) => good is null ? Protected : None;

    /// <summary>In place of what a table tells of a part of the ratings, such as the corrections.</summary>
    /// <param name="n">Null where nobody knows whether there were any.</param>
    public static string ForPart(int? n) => n is null ? None : Protected;

    /// <summary>What those of the signs mean that are there; null where there are none.</summary>
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
