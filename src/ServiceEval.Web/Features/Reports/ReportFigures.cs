using System.Text.Json;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Reports;

/// <summary>What makes another version of a report: a figure that it shows, and not any row of the week.</summary>
internal static class ReportFigures
{
    public static bool AreSame(WeeklyReport one, WeeklyReport other) => Text(one) == Text(other);

    /// <summary>
    /// Without what differs from version to version by itself, and without the sentences, which only say what the
    /// figures are.
    /// </summary>
    private static string Text(WeeklyReport report) =>
        JsonSerializer.Serialize(
            report with
            {
                Id = "",
                Version = 0,
                Title = "",
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
