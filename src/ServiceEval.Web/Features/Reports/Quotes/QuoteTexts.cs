using Microsoft.EntityFrameworkCore;
using ServiceEval.Data;
using ServiceEval.Data.Ratings;

namespace ServiceEval.Web.Features.Reports.Quotes;

/// <summary>
/// Looks up what a report refers to: texts are in no report, so that what was erased is erased everywhere.
/// </summary>
public sealed class QuoteTexts(IDbContextFactory<ServiceEvalDb> databases)
{
    /// <summary>
    /// In the report's order; the text of a comment that is no longer as it was committed to is taken for erased.
    /// </summary>
    public async Task<IReadOnlyList<Quote>> ReadAsync(WeeklyReport report, CancellationToken ct = default)
    {
        if (report.Quotes.Count == 0)
            return [];
        await using var db = await databases.CreateDbContextAsync(ct);
        // Dates of any zone lie within a day of those of UTC.
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
