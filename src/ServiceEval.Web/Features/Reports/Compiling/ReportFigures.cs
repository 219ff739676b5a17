using System.Text.Json;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>
/// Decides whether a report needs another version. It needs one if a figure that it shows has changed, and not if only
/// a row of the week has changed.
/// </summary>
internal static class ReportFigures
{
    public static bool AreSame(WeeklyReport one, WeeklyReport other) => Text(one) == Text(other);

    /// <summary>
    /// Serializes the report without the parts that differ in every version, and without the sentences, because they
    /// only repeat the figures.
    /// </summary>
    private static string Text(WeeklyReport report) =>
        JsonSerializer.Serialize(
            report with
            {
                Id = "",
                Version = 0,
                Title = "",
                Scope = "",
                Whole = null,
                Level = null,
                Summary = [],
                Front = null,
                Quotes = [],
                Difference = null,
                Problems = [],
                Suggestions = [],
                Definitions = [],
                Quality = report.Quality with { Late = 0 },
                Ledger = new ReportLedger(0, ""),
                ContentHash = null,
            },
            Json.Options
        );
}
