using ServiceEval.Core.Ratings;

namespace ServiceEval.Web.Features.Reports.Quotes;

/// <summary>A citizen's comment as the page prints it.</summary>
/// <param name="Commitment">The same commitment as in the report.</param>
/// <param name="Text">The redacted text; null if it was erased.</param>
public sealed record Quote(Grade Grade, string Commitment, string? Text);
