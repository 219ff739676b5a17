using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Reports;

namespace ServiceEval.Tests.Reports.Privacy;

/// <summary>A rating with all that an attacker may know of it, and its grade, which nobody may learn.</summary>
/// <param name="Department">The item's, else the window's; 0 for none.</param>
/// <param name="Item">0 for none.</param>
/// <param name="IsLate">Received after the first version of its week's reports.</param>
internal sealed record Voter(
    WindowEntry Window, int Department, int Item, DateOnly Date, Channel Channel, Tier Tier, Grade Grade, string? Tag, bool IsLate, bool IsRepeat, bool IsCorrected)
{
    public IsoWeek Week => IsoWeek.Of(Date);

    /// <summary>Voters of whom an attacker knows the same. Every published figure counts all of them or none.</summary>
    public (int, int, int, DateOnly, Channel, bool, bool, bool, bool) Known =>
        (Window.Id, Department, Item, Date, Channel, Tier.IsActive(), IsLate, IsRepeat, IsCorrected);
}
