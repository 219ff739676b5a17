using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Reports;

namespace ServiceEval.Tests.Reports.Privacy;

/// <summary>A rating with all that an attacker may know of it, and its grade, which nobody may learn.</summary>
/// <param name="Department">The item's, else the window's; 0 for none.</param>
/// <param name="Item">0 for none.</param>
/// <param name="Stage">When the rating was received: 0 before the week's first reports, then by the round of reports
/// before which it was.</param>
/// <param name="DetailStage">The same of its item and tag.</param>
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
    /// Voters of whom an attacker knows the same. Every published figure counts all of them or none. It stays the same
    /// at all stages.
    /// </summary>
    public string Known { get; } =
        $"{Window.Hall.Code}/{Window.Number} {Department} {Item} {Date:MMdd} {Channel} {Tier.IsActive()} {Stage}/{DetailStage} {IsRepeat} {IsCorrected}";

    /// <summary>The same of those who gave a tag.</summary>
    public string KnownTag { get; } = $"{IsoWeek.Of(Date)} {Window.Hall.Code} tag {Tag} {Stage}/{DetailStage}";

    /// <summary>As it was known at a stage: an item and a tag that come later are not there yet.</summary>
    public Voter At(int stage) =>
        DetailStage <= stage ? this : this with { Item = 0, Department = Window.Window.DepartmentId ?? 0, Tag = null };
}
