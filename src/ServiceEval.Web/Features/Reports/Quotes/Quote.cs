using ServiceEval.Data.Ratings;

namespace ServiceEval.Web.Features.Reports.Quotes;

/// <summary>A citizen's comment as the page prints it.</summary>
/// <param name="Commitment">As in the report.</param>
/// <param name="Text">Redacted; null where it was erased.</param>
public sealed record Quote(Grade Grade, string Commitment, string? Text);
