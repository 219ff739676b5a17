using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Reports.Counting;

namespace ServiceEval.Web.Features.Reports.Contents;

// The parts of a report's JSON. Rates and shares are 0–1. Null means unknown or not published, and never zero. Not
// published are rates below the minimum n, grades of fewer ratings than a cohort, and grades from which these could be
// computed.

/// <param name="Good">Null under the same condition as for a day.</param>
public sealed record ReportChannel(Channel Channel, int N, int? Good);

public sealed record ReportTier(Tier Tier, int N);

/// <param name="N">Null for a day in the future, in a report of a week that is not over.</param>
/// <param name="Good">Null if so few ratings would disclose who gave which grade.</param>
public sealed record ReportDay(DateOnly Date, int? N, int? Good);

/// <summary>A hall with all its windows.</summary>
/// <param name="FourWeeks">The last four weeks together. Set if the week alone has too few ratings and four weeks have
/// enough.</param>
public sealed record ReportHall(
    string Code,
    string Name,
    HallKind Kind,
    int N,
    int? Good,
    double? Rate,
    double? Low,
    double? High,
    ReportSpan? FourWeeks
);

/// <summary>A region with everything below it.</summary>
/// <param name="FourWeeks">As for a hall.</param>
public sealed record ReportRegion(
    string Code,
    string Name,
    RegionLevel Level,
    int N,
    int? Good,
    double? Rate,
    double? Low,
    double? High,
    ReportSpan? FourWeeks
);

/// <param name="Hall">The hall's code.</param>
/// <param name="Band">The number of the window's band in <see cref="WeeklyReport.Bands"/>; 1 is the best. Null without
/// a rate.</param>
public sealed record ReportWindow(
    string Hall,
    string Number,
    string Name,
    int N,
    int? Good,
    double? Rate,
    double? Low,
    double? High,
    ReportSpan? FourWeeks,
    int? Band
);

/// <param name="Code">Null for ratings that belong to no department, because they were given at a comprehensive window
/// and no item was named.</param>
public sealed record ReportDepartment(
    string? Code,
    string Name,
    int N,
    int? Good,
    double? Rate,
    double? Low,
    double? High,
    ReportSpan? FourWeeks
);

/// <param name="Code">Null for 未关联事项: ratings for which the citizen named no item.</param>
/// <param name="Department">The department's short name.</param>
public sealed record ReportItem(
    string? Code,
    string Name,
    string Department,
    int N,
    int? Good,
    double? Rate,
    double? Low,
    double? High,
    ReportSpan? FourWeeks
);

/// <summary>
/// The total of an earlier version. It is shown if too few ratings arrived late to publish the total of all ratings.
/// </summary>
/// <param name="Report">The id of the earlier report.</param>
public sealed record ReportKept(string Report, int N, int Good, double? Rate, double? Low, double? High, double? Mean);

/// <summary>The figures of several weeks together.</summary>
public sealed record ReportSpan(int N, double Rate, double Low, double High);

/// <summary>
/// Windows whose rates cannot be told apart. Not every window of a band differs from every window of the next band.
/// </summary>
/// <param name="Number">1 is the best band.</param>
public sealed record ReportBand(int Number, int Windows, int N, int Good, double Rate, double Low, double High);

/// <param name="N">How often the tag was given. Null below a cohort.</param>
/// <param name="Share">The share of the valid ratings. Null if <paramref name="N"/> is null.</param>
/// <param name="Before">The share in the weeks of the comparison. Null without a comparison, and null if the tag was
/// given less often than a cohort.</param>
/// <param name="Rose">True if the tag is given more often now, false if less often. Null if the change is within noise,
/// at a false discovery rate of 5 % over all tags.</param>
public sealed record ReportTag(
    string Code,
    string Text,
    Grade Grade,
    int? N,
    double? Share,
    double? Before,
    bool? Rose
);

/// <summary>
/// A reference to a comment, so that the text can be erased. Unlike a rating's id, the reference does not disclose the
/// place or the time.
/// </summary>
/// <param name="Commitment">The value that the ledger stores instead of the text, 64 lower-case hex characters.</param>
public sealed record ReportQuote(Grade Grade, string Commitment);

/// <param name="Received">All entries of the week with any standing and tier. Late entries are counted among
/// these.</param>
/// <param name="Late">The entries among <paramref name="Received"/> that arrived after the ledger head of the first
/// version.</param>
/// <param name="SilentWindows">Windows in service without a single rating.</param>
/// <param name="SilentDays">Working days without a single rating, if the week is over and has enough ratings.</param>
public sealed record ReportQuality(
    int Received,
    int Late,
    int Imported,
    int Quarantined,
    int Voided,
    IReadOnlyList<ReportSilentWindow> SilentWindows,
    IReadOnlyList<DateOnly> SilentDays,
    ReportCorrections Corrections,
    ReportRepeats Repeats
);

/// <param name="Hall">The hall's name.</param>
public sealed record ReportSilentWindow(string Hall, string Number, string Name);

/// <summary>
/// Corrections (按错了？重新选) by direction. The directions are null if there are fewer corrections than a cohort.
/// </summary>
public sealed record ReportCorrections(int N, int? BadToGood, int? GoodToBad, int? WithinGood, int? WithinBad);

/// <summary>
/// 疑似重复, found by the same rule for good and bad grades. Repeats are counted, and the rate is shown with and without
/// them.
/// </summary>
/// <param name="Good">Null if there are fewer repeats than a cohort. Then the rate without the repeats is null
/// too.</param>
public sealed record ReportRepeats(
    int N,
    int? Good,
    double? RateWithout,
    double? LowWithout,
    double? HighWithout,
    IReadOnlyList<ReportRepeatWindow> Windows
);

/// <param name="Hall">The hall's name.</param>
public sealed record ReportRepeatWindow(string Hall, string Number, string Name, int N);

/// <summary>The changes of the week. A comparison is present, or a sentence says why it is missing.</summary>
public sealed record ReportChanges(
    ReportComparison? LastWeek,
    string? WhyNotLastWeek,
    ReportComparison? FourWeeks,
    string? WhyNotFourWeeks
);

/// <summary>
/// The parts of the difference that come from mix and from rate (Kitagawa). Their sum is the difference.
/// </summary>
/// <param name="Cells">From the largest contribution to the smallest. Cells that are too small to be shown are combined
/// in one last cell, 不单列的合计.</param>
public sealed record ReportSplit(double Mix, double Rate, IReadOnlyList<ReportCell> Cells);

/// <param name="Mix">The contribution that comes from a larger or smaller share of all ratings.</param>
/// <param name="Rate">The contribution that comes from a changed rate.</param>
public sealed record ReportCell(string Name, int NBefore, int NNow, double Mix, double Rate);

/// <summary>The differences from the version before, which late data caused.</summary>
/// <param name="Earlier">The id of the earlier report.</param>
/// <param name="NewProblems">Sentences of 存在问题 that the earlier report does not have.</param>
/// <param name="GoneProblems">Sentences of 存在问题 that only the earlier report has.</param>
public sealed record ReportDifference(
    string Earlier,
    IReadOnlyList<ReportFigureChange> Figures,
    IReadOnlyList<string> NewProblems,
    IReadOnlyList<string> GoneProblems
);

/// <param name="Name">For example 有效评价, or the name of a hall or a window.</param>
/// <param name="Unit">条 for counts, % for rates (the values are 0–1), 分 for the mean.</param>
public sealed record ReportFigureChange(string Name, string Unit, double? Before, double? Now);

/// <summary>The days of the week by the State Council's calendar.</summary>
/// <param name="WorkingDays">Null if the calendar lacks the year.</param>
/// <param name="Off">Days off, such as 10月1日（国庆节）.</param>
/// <param name="Worked">Saturdays and Sundays that are working days instead.</param>
/// <param name="UnknownYears">The years of the week's days that the calendar lacks.</param>
public sealed record ReportCalendar(
    int? WorkingDays,
    IReadOnlyList<string> Off,
    IReadOnlyList<string> Worked,
    IReadOnlyList<int> UnknownYears
);

/// <param name="Id">The id that figures link to.</param>
public sealed record ReportDefinition(string Id, string Name, int Version, string Text);

/// <summary>A sentence of 存在问题 or 下步工作建议, with the id of the definition of the figure that it is based on.</summary>
public sealed record ReportSentence(string Text, string Definition);

public sealed record ReportLedger(long Sequence, string Hash);
