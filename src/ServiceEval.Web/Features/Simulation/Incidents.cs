using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Features.Reports;

namespace ServiceEval.Web.Features.Simulation;

/// <summary>What is out of the ordinary in a history, so that a report has something to find.</summary>
/// <param name="BadWeek">In this week the first hall's system is down.</param>
/// <param name="Outage">On this date nobody can rate anywhere.</param>
/// <param name="Stuffed">Here a clerk stuffs the best grade.</param>
internal sealed record Incidents(IsoWeek? BadWeek, DateOnly? Outage, WindowEntry? Stuffed);
