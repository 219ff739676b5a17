using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Simulator;

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
