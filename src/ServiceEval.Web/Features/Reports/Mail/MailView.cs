using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Data;
using ServiceEval.Data.Reports;
using ServiceEval.Web.Features.Halls;

namespace ServiceEval.Web.Features.Reports.Mail;

/// <summary>How mailing goes, for the list of reports.</summary>
/// <param name="Troubles">Refused, tried again, or perhaps sent twice; newest week first.</param>
/// <param name="Astray">Recipients of halls that there are not.</param>
public sealed record MailView(int Sent, IReadOnlyList<ReportMail> Troubles, IReadOnlyList<MailRecipient> Astray);

public sealed class MailViews(
    IOptions<MailOptions> options,
    HallDirectory directory,
    IDbContextFactory<ServiceEvalDb> databases,
    TimeProvider time
)
{
    /// <summary>
    /// Null while no mail is set up. Of the weeks that may still change, and of those who are recipients now: what was
    /// mended goes from sight.
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
                    .County(directory.Current)
                    .Running(now)
                    .Backwards()
                    .Take(ReportSweep.Weeks + 1)
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
        return new(sent, [.. troubles.Where(options.Value.IsRecipient)], options.Value.Astray(directory.Current));
    }
}
