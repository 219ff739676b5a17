namespace ServiceEval.Web.Features.Reports;

// The parts of a report's first page: 亮点, 问题, 措施, what became of the last report's measures, and the line of weeks.

/// <param name="Highlights">What stands out for the better, beyond noise.</param>
/// <param name="Problems">What stands out for the worse, or spoils the data, the gravest first; each with its
/// measure.</param>
/// <param name="Promises">The measures of the report before, and what this week's figures say of them.</param>
/// <param name="WhyNoPromises">The sentence that stands there where none can be judged.</param>
/// <param name="Weeks">The scope's last weeks, oldest first, this one last; none before the first rating.</param>
public sealed record ReportFront(
    IReadOnlyList<ReportFinding> Highlights,
    IReadOnlyList<ReportFinding> Problems,
    IReadOnlyList<ReportPromise> Promises,
    string? WhyNoPromises,
    IReadOnlyList<ReportWeek> Weeks
);

/// <param name="Kind">What was found, such as <c>low</c>; with the level it tells the same finding of another
/// week.</param>
/// <param name="Text">The sentence.</param>
/// <param name="Definition">The id of the definition of the figure it stands on.</param>
/// <param name="Subjects">All of them, also where the sentence names the first few only.</param>
/// <param name="Measure">Null for a highlight.</param>
public sealed record ReportFinding(
    string Kind,
    FindingLevel Level,
    string Text,
    string Definition,
    IReadOnlyList<ReportSubject> Subjects,
    ReportMeasure? Measure
);

/// <summary>
/// What a finding is about: a place, a department, an item or a tag, with the figures that its table shows.
/// </summary>
/// <param name="Code">A window's is its hall's with its number: <c>puyang/12</c>.</param>
/// <param name="Reason">The bad tag given there most often; null where none was given by a cohort, and for
/// items.</param>
public sealed record ReportSubject(
    FindingLevel Level,
    string Code,
    string Name,
    int? N,
    double? Rate,
    double? Low,
    double? High,
    string? Reason
);

/// <param name="Who">The windows' halls, the departments or the office that answers for it.</param>
/// <param name="WorkingDays">From the Monday on which the report comes out, which does not count.</param>
/// <param name="By">Null where the calendar lacks the year.</param>
public sealed record ReportMeasure(string Text, IReadOnlyList<string> Who, int WorkingDays, DateOnly? By);

/// <param name="Problem">The sentence of the report before.</param>
/// <param name="Text">What this week's figures say.</param>
public sealed record ReportPromise(
    string Problem,
    string Measure,
    IReadOnlyList<string> Who,
    DateOnly? By,
    PromiseOutcome Outcome,
    string Text
);

public enum PromiseOutcome
{
    Kept,
    Partly,
    Open,

    /// <summary>This week's figures do not tell.</summary>
    Unknown,
}

public enum FindingLevel
{
    Whole,
    Hall,
    Department,
    Window,
    Item,
    Tag,
    Data,
}

/// <param name="N">Null for a week without a report.</param>
/// <param name="Rate">Null below the minimum n, and where it is protected.</param>
public sealed record ReportWeek(string Week, int? N, double? Rate, double? Low, double? High);
