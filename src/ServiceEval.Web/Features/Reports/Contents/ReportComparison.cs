using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Reports.Counting;

namespace ServiceEval.Web.Features.Reports.Contents;

/// <param name="Weeks">The weeks that this week is compared with, oldest first.</param>
/// <param name="Difference">The good rate now minus the good rate before. Low and High are its 95 % interval.</param>
/// <param name="P">The two-sided p value of the two-proportion z test.</param>
/// <param name="ByWindow">Mix and rate by window. ByItem has them by item.</param>
/// <param name="ByHall">Mix and rate by hall in a county's report. Null in a hall's report.</param>
public sealed record ReportComparison(
    IReadOnlyList<string> Weeks,
    int N,
    int Good,
    double Rate,
    double Difference,
    double Low,
    double High,
    double P,
    bool BeyondNoise,
    ReportSplit ByWindow,
    ReportSplit ByItem,
    ReportSplit? ByHall = null
);
