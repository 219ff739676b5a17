using ServiceEval.Core.Calendar;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Tests.Reports.Privacy;

/// <summary>
/// A rating with all that an attacker may know of it, and its grade, which the attacker must not learn.
/// </summary>
/// <param name="Department">The department of the item, or of the window if there is no item; 0 if there is
/// none.</param>
/// <param name="Item">0 if there is no item.</param>
/// <param name="Stage">The time of arrival: 0 before the week's first reports, later the number of the round of reports
/// before which the rating arrived.</param>
/// <param name="DetailStage">The time of arrival of the item and tag, counted in the same way.</param>
internal sealed record Voter(
    int Id,
    WindowEntry Window,
    int Department,
    int Item,
    DateOnly Date,
    Channel Channel,
    Tier Tier,
    Grade Grade,
    string? Tag,
    int Stage,
    int DetailStage,
    bool IsRepeat,
    bool IsCorrected
)
{
    public IsoWeek Week => IsoWeek.Of(Date);

    /// <summary>
    /// An attacker knows the same of all voters with this value, so every published figure counts all of them or none.
    /// The value is the same at all stages.
    /// </summary>
    public string Known { get; } =
        $"{Window.Hall.Code}/{Window.Number} {Department} {Item} {Date:MMdd} {Channel} {Tier.IsActive()} {Stage}/{DetailStage} {IsRepeat} {IsCorrected}";

    /// <summary>The same value for the voters who gave a tag.</summary>
    public string KnownTag { get; } = $"{IsoWeek.Of(Date)} {Window.Hall.Code} tag {Tag} {Stage}/{DetailStage}";

    /// <summary>Returns the voter as known at a stage. An item and a tag that arrive later are not there yet.</summary>
    public Voter At(int stage) =>
        DetailStage <= stage ? this : this with { Item = 0, Department = Window.Window.DepartmentId ?? 0, Tag = null };
}
