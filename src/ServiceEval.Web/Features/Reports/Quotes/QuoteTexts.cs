using Microsoft.EntityFrameworkCore;
using ServiceEval.Data;

namespace ServiceEval.Web.Features.Reports.Quotes;

/// <summary>Looks up what a report refers to: texts are in no report, so that what was erased is erased everywhere.</summary>
public sealed class QuoteTexts(IDbContextFactory<ServiceEvalDb> databases)
{
    /// <summary>In the report's order; the text of a comment that is no longer as it was committed to is taken for erased.</summary>
    public async Task<IReadOnlyList<Quote>> ReadAsync(WeeklyReport report, CancellationToken ct = default)
    {
        if (report.Quotes.Count == 0) return [];
        await using var db = await databases.CreateDbContextAsync(ct);
        var ratings = report.Quotes.Select(q => q.Rating).ToList();
        var details = await db.RatingDetails.AsNoTracking().Where(d => ratings.Contains(d.RatingId)).ToListAsync(ct);
        var comments = details.Where(d => d is { Comment: not null, CommentCommitment: not null })
            .ToDictionary(d => (d.RatingId, d.Grade, Convert.ToHexStringLower(d.CommentCommitment!)), d => d.Comment!);
        return [.. report.Quotes.Select(q => new Quote(q.Grade, comments.TryGetValue((q.Rating, q.Grade, q.Commitment), out var text) ? QuoteRedaction.Of(text) : null))];
    }
}
