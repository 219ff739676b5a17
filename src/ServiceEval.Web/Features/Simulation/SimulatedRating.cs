using ServiceEval.Data.Halls;
using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Halls;

namespace ServiceEval.Web.Features.Simulation;

/// <summary>One line of the history.</summary>
/// <param name="Local">The local time in the window's hall.</param>
internal sealed record SimulatedRating(
    WindowEntry Window,
    DateTime Local,
    Grade Grade,
    Channel Channel,
    ServiceItem? Item,
    string Comment
)
{
    public DateTime Utc => Local - Window.Hall.Zone.GetUtcOffset(Local);
}
