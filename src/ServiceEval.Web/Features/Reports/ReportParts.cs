using ServiceEval.Data.Halls;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Web.Features.Reports;

// The parts of a report's JSON. Rates and shares are 0–1. Null is what is not known or not published, never nought: a
// rate below the minimum n, grades of fewer ratings than a cohort, or of what would give those away.

/// <param name="Good">As of a day.</param>
public sealed record ReportChannel(Channel Channel, int N, int? Good);

public sealed record ReportTier(Tier Tier, int N);

/// <param name="N">Null for a day that is still to come, in a report of a week that is not over.</param>
/// <param name="Good">Null where so few would show who gave which.</param>
public sealed record ReportDay(DateOnly Date, int? N, int? Good);

/// <summary>A hall with all its windows.</summary>
/// <param name="FourWeeks">The last four weeks together, where the week alone has too few ratings and they have
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

/// <param name="Hall">The hall's code.</param>
/// <param name="Band">The number of its band in <see cref="WeeklyReport.Bands"/>, from 1, the best; null without a
/// rate.</param>
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

/// <param name="Code">Null for ratings that belong to no department: at a comprehensive window and without an
/// item.</param>
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

/// <param name="Code">Null for 未关联事项: ratings whose citizen named no item.</param>
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

/// <summary>What an earlier version says of the whole, where too few ratings came late to say it of all.</summary>
/// <param name="Report">The earlier report's id.</param>
public sealed record ReportKept(string Report, int N, int Good, double? Rate, double? Low, double? High, double? Mean);

/// <summary>Several weeks together.</summary>
public sealed record ReportSpan(int N, double Rate, double Low, double High);

/// <summary>Windows that can't be told apart; two neighbouring bands need not differ in every window.</summary>
/// <param name="Number">From 1, the best.</param>
public sealed record ReportBand(int Number, int Windows, int N, int Good, double Rate, double Low, double High);

/// <param name="N">How often it was given; null below a cohort.</param>
/// <param name="Share">Of the valid ratings; null as <paramref name="N"/>.</param>
/// <param name="Before">The share in the weeks it is compared with; null without a comparison, and where it was given
/// less often than a cohort.</param>
/// <param name="Rose">Null if it did not move beyond noise, at a false discovery rate of 5 % over all tags; else
/// whether it is given more often now.</param>
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
/// A comment by reference, so that its text can be erased. It says neither where nor when, as a rating's id would.
/// </summary>
/// <param name="Commitment">What the ledger holds in place of the text, 64 lower-case hex characters.</param>
public sealed record ReportQuote(Grade Grade, string Commitment);

/// <param name="Received">All entries of the week whatever their standing and tier: what lateness is measured
/// by.</param>
/// <param name="Late">Of <paramref name="Received"/>, those that came in after the first version's ledger head.</param>
/// <param name="SilentWindows">Windows in service without a single rating.</param>
/// <param name="SilentDays">Working days of a week that is over, and that has enough ratings, without a single
/// one.</param>
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

/// <summary>Corrections (按错了？重新选) by direction; the directions are null where they are fewer than a cohort.</summary>
public sealed record ReportCorrections(int N, int? BadToGood, int? GoodToBad, int? WithinGood, int? WithinBad);

/// <summary>疑似重复, found by one rule for good and bad; they count, and the rate is shown with and without.</summary>
/// <param name="Good">Null where they are fewer than a cohort, and then the rate without them too.</param>
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

/// <summary>What changed. Either comparison is there, or the sentence that says why not.</summary>
public sealed record ReportChanges(
    ReportComparison? LastWeek,
    string? WhyNotLastWeek,
    ReportComparison? FourWeeks,
    string? WhyNotFourWeeks
);

/// <param name="Weeks">The weeks compared with, oldest first.</param>
/// <param name="Difference">Of the good rates, now less before, with its 95 % interval.</param>
/// <param name="P">Two-sided, of the two-proportion z test.</param>
/// <param name="ByWindow">Mix and rate by window; by item beside it.</param>
/// <param name="ByHall">Of a county's report; null in a hall's.</param>
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

/// <summary>How much of the difference is mix and how much is rate (Kitagawa); the two add up to it.</summary>
/// <param name="Cells">From the largest contribution; those too small to be shown are together in one, 其余.</param>
public sealed record ReportSplit(double Mix, double Rate, IReadOnlyList<ReportCell> Cells);

/// <param name="Mix">Contribution because it had more or fewer of all ratings.</param>
/// <param name="Rate">Contribution because it was rated otherwise.</param>
public sealed record ReportCell(string Name, int NBefore, int NNow, double Mix, double Rate);

/// <summary>What is otherwise than in the version before, for late data.</summary>
/// <param name="Earlier">The earlier report's id.</param>
/// <param name="NewProblems">Sentences of 存在问题 that the earlier one has not.</param>
/// <param name="GoneProblems">Sentences that only the earlier one has.</param>
public sealed record ReportDifference(
    string Earlier,
    IReadOnlyList<ReportFigureChange> Figures,
    IReadOnlyList<string> NewProblems,
    IReadOnlyList<string> GoneProblems
);

/// <param name="Name">Such as 有效评价 or a hall's or window's name.</param>
/// <param name="Unit">条 for counts, % for rates (then 0–1), 分 for the mean.</param>
public sealed record ReportFigureChange(string Name, string Unit, double? Before, double? Now);

/// <summary>The week by the State Council's calendar.</summary>
/// <param name="WorkingDays">Null where the calendar lacks the year.</param>
/// <param name="Off">Such as 10月1日（国庆节）.</param>
/// <param name="Worked">Saturdays and Sundays worked instead.</param>
/// <param name="UnknownYears">Of its days, those years that the calendar lacks.</param>
public sealed record ReportCalendar(
    int? WorkingDays,
    IReadOnlyList<string> Off,
    IReadOnlyList<string> Worked,
    IReadOnlyList<int> UnknownYears
);

/// <param name="Id">What figures link to.</param>
public sealed record ReportDefinition(string Id, string Name, int Version, string Text);

/// <summary>A sentence of 存在问题 or 下步工作建议 with the definition of the figure it stands on.</summary>
public sealed record ReportSentence(string Text, string Definition);

public sealed record ReportLedger(long Sequence, string Hash);
