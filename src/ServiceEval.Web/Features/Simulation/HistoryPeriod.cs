using ServiceEval.Web.Features.Halls;

namespace ServiceEval.Web.Features.Simulation;

/// <summary>The dates of a history, the last included; they are each hall's own.</summary>
/// <param name="Until">Null for each hall's yesterday.</param>
internal sealed record HistoryPeriod(int Days, DateOnly? Until, DateTimeOffset Now)
{
    public DateOnly LastOf(HallEntry hall) => Until ?? YesterdayOf(hall);

    public DateOnly FirstOf(HallEntry hall) => LastOf(hall).AddDays(1 - Days);

    public bool Holds(HallEntry hall, DateOnly date) => FirstOf(hall) <= date && date <= LastOf(hall);

    public DateOnly YesterdayOf(HallEntry hall) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Now, hall.Zone).DateTime).AddDays(-1);
}
