using System.Globalization;
using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Statistics;
using ServiceEval.Web.Features.Reports.Charts;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Features.Reports.Quotes;
using ServiceEval.Web.Features.Reports.Wording;

namespace ServiceEval.Web.Features.Reports.Pages;

/// <summary>A row of a table of rates.</summary>
/// <param name="N">Null for a day in the future.</param>
/// <param name="FourWeeks">Set only if the week alone has too few ratings.</param>
public sealed record RateRow(
    string Name,
    int? N,
    int? Good,
    double? Rate,
    double? Low,
    double? High,
    ReportSpan? FourWeeks,
    string Mark
)
{
    public bool HasOnlyFourWeeks => Rate is null && FourWeeks is not null;

    /// <summary>The rate of four weeks with its own n: 96.2（92.1～98.2），130条.</summary>
    public string FourWeeksText =>
        Rate is null && FourWeeks is { } four
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{ReportText.Bare(ReportText.Percent(four.Rate))}（{ReportText.Bare(ReportText.Interval(four.Low, four.High))}），{four.N}条"
            )
            : "";
}
