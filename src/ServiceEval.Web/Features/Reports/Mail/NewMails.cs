using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ServiceEval.Core.Mail;
using ServiceEval.Core.Reports;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Features.Reports.Contents;
using ServiceEval.Web.Mail;

namespace ServiceEval.Web.Features.Reports.Mail;

/// <summary>
/// Creates the rows of the mails that must be sent. They are derived from the stored reports, so that a crash between a
/// report and its mails loses no mail. A new recipient gets the newest version of the last week that is over, and no
/// earlier week. This first mail shows at once that mail arrives. After that the recipient also gets each report of
/// this first week or a later one that was compiled within the last two days. These are reports that late ratings
/// changed, and weeks that a host compiled after it had been down.
/// </summary>
public sealed class NewMails(
    MailOutbox outbox,
    HallDirectory directory,
    IOptions<MailOptions> options,
    IDbContextFactory<ServiceEvalDb> databases,
    TimeProvider time
)
{
    // Ratings wait while a chunk is written.
    private const int Chunk = 50;

    public async Task MakeAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var scopes = ReportScope.All(directory.Current).ToDictionary(s => s.Code);
        if (scopes.Count == 0)
            return;
        var weeks = scopes
            .Values.Select(s => s.LastComplete(now))
            .Distinct()
            .SelectMany(last => last.Backwards().Take(Report.SweptWeeks))
            .Select(w => w.ToString())
            .Distinct()
            .ToList();

        await using var db = await databases.CreateDbContextAsync(ct);
        var stored = await db
            .Reports.Where(r => weeks.Contains(r.Week))
            .Select(r => new Stored(r.Scope, r.Week, r.Version, r.CompiledAt))
            .ToListAsync(ct);
        var tree = directory.Current.Regions;
        var newest = stored
            .GroupBy(r => (Scope: tree.CodeOf(r.Scope), r.Week))
            .Select(g => g.MaxBy(r => r.Version)!)
            .ToLookup(r => tree.CodeOf(r.Scope));
        var mails = await db.ReportMails.AsNoTracking().Where(m => weeks.Contains(m.Week)).ToListAsync(ct);

        var missing = new List<ReportMail>();
        foreach (var recipient in options.Value.Recipients)
        {
            var code = tree.CodeOf(recipient.Scope);
            if (!scopes.TryGetValue(code, out var scope))
                continue;
            var last = scope.LastComplete(now).ToString();
            var had = mails
                .Where(m =>
                    tree.CodeOf(m.Scope) == code
                    && m.Recipient.Equals(recipient.Address, StringComparison.OrdinalIgnoreCase)
                )
                .ToList();
            missing.AddRange(
                newest[code]
                    .Where(report => IsMissing(report, had, last, now))
                    .Select(r => new ReportMail
                    {
                        Scope = r.Scope,
                        Week = r.Week,
                        Version = r.Version,
                        Recipient = recipient.Address,
                        At = now,
                    })
            );
        }
        foreach (var chunk in missing.Chunk(Chunk))
            await outbox.AddAsync(chunk, ct);
    }

    private static bool IsMissing(Stored report, List<ReportMail> had, string last, DateTimeOffset now)
    {
        if (had.Any(m => m.Week == report.Week && m.Version >= report.Version))
            return false;
        if (report.Week == last)
            return true;
        return now - report.CompiledAt <= MailBackOff.GivenUpAfter
            && had.Any(m => string.CompareOrdinal(m.Week, report.Week) <= 0);
    }

    private sealed record Stored(string Scope, string Week, int Version, DateTimeOffset CompiledAt);
}
