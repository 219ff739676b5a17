using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Ratings;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Web.Features.Reports.Quotes;

/// <summary>
/// Looks up the texts of the quotes that a report refers to. No report contains the texts, so an erased comment is
/// erased everywhere.
/// </summary>
public sealed class QuoteTexts(IDbContextFactory<ServiceEvalDb> databases)
{
    /// <summary>
    /// Reads the quotes in the report's order. If the text of a comment does not match its commitment any more, it
    /// counts as erased.
    /// </summary>
    public async Task<IReadOnlyList<Quote>> ReadAsync(WeeklyReport report, CancellationToken ct = default)
    {
        if (report.Quotes.Count == 0)
            return [];
        await using var db = await databases.CreateDbContextAsync(ct);
        // A date in any time zone is within one day of the UTC date.
        var from = new DateTimeOffset(report.From.AddDays(-1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var to = new DateTimeOffset(report.To.AddDays(2).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var details = await db
            .RatingDetails.AsNoTracking()
            .Where(d => d.Comment != null && d.GivenAt >= @from && d.GivenAt < to && d.Grade >= Grade.Dissatisfied)
            .Select(d => new
            {
                d.Grade,
                d.CommentCommitment,
                d.Comment,
            })
            .ToListAsync(ct);
        var comments = details
            .Where(d => d.CommentCommitment is not null)
            .ToDictionary(d => (d.Grade, Convert.ToHexStringLower(d.CommentCommitment!)), d => d.Comment!);
        return
        [
            .. report.Quotes.Select(q => new Quote(
                q.Grade,
                q.Commitment,
                comments.TryGetValue((q.Grade, q.Commitment), out var text) ? QuoteRedaction.Of(text) : null
            )),
        ];
    }
}
