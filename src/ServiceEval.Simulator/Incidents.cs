using ServiceEval.Core.Calendar;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Simulator;

/// <summary>Unusual events in a history, so that a report has something to find.</summary>
/// <param name="BadWeek">The week in which the first hall's system is down.</param>
/// <param name="Outage">The date on which nobody can rate in any hall.</param>
/// <param name="Stuffed">The window where a clerk gives the best grade many times.</param>
internal sealed record Incidents(IsoWeek? BadWeek, DateOnly? Outage, WindowEntry? Stuffed);
