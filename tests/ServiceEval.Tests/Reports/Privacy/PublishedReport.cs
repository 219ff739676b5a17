using ServiceEval.Web.Features.Reports;

namespace ServiceEval.Tests.Reports.Privacy;

/// <param name="Known">The ratings of the scope that had come in, of its week and of those before, as they were known
/// then.</param>
/// <param name="Stage">The round in which it was compiled.</param>
internal sealed record PublishedReport(WeeklyReport Report, IReadOnlyList<Voter> Known, int Stage);
