using ServiceEval.Web.Features.Places;

namespace ServiceEval.Simulator;

/// <summary>The dates of a history, including the last date. They are local dates of each hall.</summary>
/// <param name="Until">The last date; null for each hall's yesterday.</param>
internal sealed record HistoryPeriod(int Days, DateOnly? Until, DateTimeOffset Now)
{
    public DateOnly LastOf(HallEntry hall) => Until ?? YesterdayOf(hall);

    public DateOnly FirstOf(HallEntry hall) => LastOf(hall).AddDays(1 - Days);

    public bool Holds(HallEntry hall, DateOnly date) => FirstOf(hall) <= date && date <= LastOf(hall);

    public DateOnly YesterdayOf(HallEntry hall) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Now, hall.Zone).DateTime).AddDays(-1);
}
