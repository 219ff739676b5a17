using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Tests.Reports.Privacy;

/// <param name="Known">The scope's ratings of this week and earlier weeks that had arrived, as they were known
/// then.</param>
/// <param name="Stage">The round in which the report was compiled.</param>
internal sealed record PublishedReport(WeeklyReport Report, IReadOnlyList<Voter> Known, int Stage);
