using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Core.Mail;
using ServiceEval.Core.Reports;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Mail;

namespace ServiceEval.Web.Features.Reports.Mail;

public sealed class MailViews(
    IOptions<MailOptions> options,
    HallDirectory directory,
    IDbContextFactory<ServiceEvalDb> databases,
    TimeProvider time
)
{
    /// <summary>
    /// Reads the state. Returns null if mail is not set up. Covers only the weeks that may still change and the current
    /// recipients, so that solved problems disappear.
    /// </summary>
    public async Task<MailView?> ReadAsync(CancellationToken ct)
    {
        if (!options.Value.IsOn)
            return null;
        var now = time.GetUtcNow();
        var weeks =
            directory.Current.Halls.Count == 0
                ? []
                : ReportScope
                    .Root(directory.Current)
                    .Running(now)
                    .Backwards()
                    .Take(Report.SweptWeeks + 1)
                    .Select(w => w.ToString())
                    .ToList();
        await using var db = await databases.CreateDbContextAsync(ct);
        var sent = await db.ReportMails.CountAsync(m => m.State == MailState.Sent, ct);
        var troubles = await db
            .ReportMails.AsNoTracking()
            .Where(m => weeks.Contains(m.Week) && (m.State == MailState.Refused || m.Refusal != null || m.MayBeDouble))
            .OrderByDescending(m => m.Week)
            .ThenBy(m => m.Scope)
            .ThenByDescending(m => m.Version)
            .ThenBy(m => m.Recipient)
            .ToListAsync(ct);
        return new(
            sent,
            [.. troubles.Where(mail => options.Value.IsRecipient(mail, directory.Current.Regions))],
            options.Value.Astray(directory.Current)
        );
    }
}
