using ServiceEval.Core.Ratings;

namespace ServiceEval.Web.Features.Reports.Counting;

/// <summary>The properties by which the tables of a report distinguish ratings.</summary>
/// <param name="DepartmentId">The item's department, or the window's department if no item was named.</param>
/// <param name="ItemId">0 if no item was named.</param>
public readonly record struct RatingGroup(
    DateOnly LocalDate,
    int WindowId,
    Channel Channel,
    Tier Tier,
    int DepartmentId,
    int ItemId
);
