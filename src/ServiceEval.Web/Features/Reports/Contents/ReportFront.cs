namespace ServiceEval.Web.Features.Reports.Contents;

// The parts of a report's first page: 亮点, 问题, 措施, the results of the last report's measures, and the trend of weeks.

/// <param name="Highlights">The findings for the better that are larger than noise.</param>
/// <param name="Problems">The findings for the worse that are larger than noise, and the findings about bad data. The
/// most serious comes first. Each has its measure.</param>
/// <param name="Promises">The measures of the report before, and their results by this week's figures.</param>
/// <param name="WhyNoPromises">The sentence that is shown instead if no measure can be judged.</param>
/// <param name="Weeks">The last weeks of the scope, oldest first, this week last. Weeks before the first rating are
/// left out.</param>
public sealed record ReportFront(
    IReadOnlyList<ReportFinding> Highlights,
    IReadOnlyList<ReportFinding> Problems,
    IReadOnlyList<ReportPromise> Promises,
    string? WhyNoPromises,
    IReadOnlyList<ReportWeek> Weeks
);

/// <param name="Kind">The kind of the finding, such as <c>low</c>. The kind and the level together identify the same
/// finding in another week.</param>
/// <param name="Text">The sentence.</param>
/// <param name="Definition">The id of the definition of the figure that the finding is based on.</param>
/// <param name="Subjects">All subjects, even if the sentence names only the first few.</param>
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
/// The subject of a finding: a place, a department, an item or a tag, with the figures that its table shows.
/// </summary>
/// <param name="Code">For a window: the code of its hall and its number, such as <c>puyang/12</c>.</param>
/// <param name="Reason">The bad tag that was given there most often. Null if no tag was given there by a cohort, and
/// null for items.</param>
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

/// <param name="Who">The halls of the windows, the departments or the office that must act.</param>
/// <param name="WorkingDays">Counted from the Monday on which the report is issued. This Monday does not count.</param>
/// <param name="By">The due date. Null if the calendar lacks the year.</param>
public sealed record ReportMeasure(string Text, IReadOnlyList<string> Who, int WorkingDays, DateOnly? By);

/// <param name="Problem">The sentence of the report before.</param>
/// <param name="Text">The result by this week's figures.</param>
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

    /// <summary>This week's figures do not show the result.</summary>
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

/// <param name="N">Null if the week has no report.</param>
/// <param name="Rate">Null below the minimum n, and null if the rate is protected.</param>
public sealed record ReportWeek(string Week, int? N, double? Rate, double? Low, double? High);
