namespace ServiceEval.Web.Features.Reports.Pages;

/// <summary>What stands in a cell in place of a figure: one sign for each reason, explained at the table, and never 0.</summary>
public static class Signs
{
    /// <summary>There are too few ratings for a rate.</summary>
    public const string Few = "…";

    /// <summary>Not published, because it would tell who gave which grade.</summary>
    public const string Protected = "*";

    /// <summary>There is nothing to compute it from, or nobody knows.</summary>
    public const string None = "–";

    public static string Good(int? n, int? good) => n is null ? None : good is { } known ? ReportText.Count(known) : Protected;

    /// <summary>The sign in place of a rate.</summary>
    public static string ForRate(WeeklyReport report, int? n, int? good) =>
        n is null or 0 ? None : n < Math.Max(report.MinimumN, report.Cohort) ? Few : good is null ? Protected : None;

    /// <summary>What those of the signs mean that are there; null where there are none.</summary>
    public static string? Explain(WeeklyReport report, IReadOnlySet<string> signs)
    {
        string[] said =
        [
            .. signs.Contains(Protected) ? [$"{Protected} 少于{report.Cohort}条，或者为防止由此推算，不公布"] : (string[])[],
            .. signs.Contains(Few) ? [$"{Few} 不足{Math.Max(report.MinimumN, report.Cohort)}条，不计算"] : (string[])[],
            .. signs.Contains(None) ? [$"{None} 没有数据，或者无从得知"] : (string[])[],
        ];
        return said.Length == 0 ? null : $"{string.Join("；", said)}。都不表示零。";
    }
}
