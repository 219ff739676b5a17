using Microsoft.EntityFrameworkCore;
using ServiceEval.Core.Mail;
using ServiceEval.Core.Storage;
using ServiceEval.Web.Mail;

namespace ServiceEval.Web.Features.Reports.Mail;

/// <summary>
/// The outbox: the rows of mails that are to be sent. A mail is claimed before the server is contacted, and its outcome
/// is noted after the server has answered. Both are committed. So only a failure between the two can cause a second
/// mail, and the row then says so.
/// </summary>
public sealed class MailOutbox(IWriteGate gate, IDbContextFactory<ServiceEvalDb> databases, TimeProvider time)
{
    /// <summary>A mail in state Sending for longer than this belongs to a process that died.</summary>
    private static readonly TimeSpan LostAfter = SmtpSession.Longest + TimeSpan.FromMinutes(11);

    private static readonly TimeSpan NextSweep = TimeSpan.FromMinutes(1);

    /// <summary>Returns the mails that must be sent now, the oldest report first.</summary>
    public async Task<IReadOnlyList<ReportMail>> DueAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var (lost, ahead, waiting) = (now - LostAfter, now + LostAfter, now + MailBackOff.Longest);
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db
            .ReportMails.AsNoTracking()
            // A time further ahead than the longest pause was written by a clock that was ahead.
            .Where(m =>
                (m.State == MailState.Due && (m.At <= now || m.At > waiting))
                || (m.State == MailState.Sending && (m.At <= lost || m.At > ahead))
            )
            .OrderBy(m => m.Week)
            .ThenBy(m => m.Version)
            .ThenBy(m => m.Scope)
            .ThenBy(m => m.Recipient)
            .ToListAsync(ct);
    }

    /// <summary>
    /// Claims a mail for this process alone and updates <paramref name="mail"/>. Returns false if another process has
    /// claimed it.
    /// </summary>
    public async Task<bool> ClaimAsync(ReportMail mail, CancellationToken ct)
    {
        var (attempts, state, now) = (mail.Attempts, mail.State, time.GetUtcNow());
        var mayBeDouble = mail.MayBeDouble || state == MailState.Sending;
        var claimed = await gate.WriteAsync(
            (db, token) =>
                RowOf(db, mail)
                    .Where(m => m.Attempts == attempts && m.State == state)
                    .ExecuteUpdateAsync(
                        row =>
                            row.SetProperty(m => m.Attempts, attempts + 1)
                                .SetProperty(m => m.State, MailState.Sending)
                                .SetProperty(m => m.At, now)
                                .SetProperty(m => m.MayBeDouble, mayBeDouble),
                        token
                    ),
            ct
        );
        if (claimed == 0)
            return false;
        (mail.Attempts, mail.State, mail.At, mail.MayBeDouble) = (attempts + 1, MailState.Sending, now, mayBeDouble);
        return true;
    }

    /// <summary>
    /// Notes the outcome of an attempt. A mail that may have arrived is handed over to the server once more. If it may
    /// have arrived a second time, it is not handed over a third time. An attempt that handed nothing over does not
    /// count. Takes no cancellation token, because a host that stops must also note what the server has accepted.
    /// </summary>
    internal async Task NoteAsync(ReportMail mail, MailOutcome outcome)
    {
        var now = time.GetUtcNow();
        var attempts = mail.Attempts;
        var handedOverAgain = mail.MayBeDouble && outcome.MayHaveArrived;
        mail.MayBeDouble |= outcome.MayHaveArrived;
        mail.Refusal = outcome.Why;
        (mail.State, mail.At) = outcome.Verdict switch
        {
            MailVerdict.Sent => (MailState.Sent, now),
            MailVerdict.Later when !handedOverAgain && MailBackOff.After(attempts) is { } pause => (
                MailState.Due,
                now + pause
            ),
            _ => (MailState.Refused, now),
        };
        await gate.WriteAsync(
            (db, token) =>
                RowOf(db, mail)
                    .Where(m => m.Attempts == attempts && m.State == MailState.Sending)
                    .ExecuteUpdateAsync(
                        row =>
                            row.SetProperty(m => m.State, mail.State)
                                .SetProperty(m => m.At, mail.At)
                                .SetProperty(m => m.MayBeDouble, mail.MayBeDouble)
                                .SetProperty(m => m.Refusal, mail.Refusal),
                        token
                    ),
            CancellationToken.None
        );
    }

    /// <summary>
    /// Postpones all due mails to the next sweep without an attempt. An earlier reply of a server to a mail is kept.
    /// </summary>
    internal Task<int> PostponeAsync(string why, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var waiting = now + MailBackOff.Longest;
        return gate.WriteAsync(
            (db, token) =>
                db
                    .ReportMails.Where(m => m.State == MailState.Due && (m.At <= now || m.At > waiting))
                    .ExecuteUpdateAsync(
                        row =>
                            row.SetProperty(m => m.At, now + NextSweep)
                                .SetProperty(m => m.Refusal, m => m.Refusal ?? why),
                        token
                    ),
            ct
        );
    }

    /// <summary>
    /// Adds the mails that are not in the outbox yet. The primary key decides, so the call is idempotent. An older
    /// version that still waits is not sent after its successor.
    /// </summary>
    public Task<int> AddAsync(IReadOnlyList<ReportMail> mails, CancellationToken ct) =>
        gate.WriteAsync(
            async (db, token) =>
            {
                foreach (var mail in mails)
                {
                    // The query comes first because a failed insert costs the writer its connection.
                    if (await RowOf(db, mail).AnyAsync(token))
                        continue;
                    db.Add(mail);
                    var (now, why) = (time.GetUtcNow(), $"已由第{mail.Version}版取代。");
                    await db
                        .ReportMails.Where(m =>
                            m.Scope == mail.Scope
                            && m.Week == mail.Week
                            && m.Recipient == mail.Recipient
                            && m.Version < mail.Version
                            && m.State == MailState.Due
                        )
                        .ExecuteUpdateAsync(
                            row =>
                                row.SetProperty(m => m.State, MailState.Refused)
                                    .SetProperty(m => m.At, now)
                                    .SetProperty(m => m.Refusal, why),
                            token
                        );
                }
                return await db.SaveChangesAsync(token);
            },
            ct
        );

    private static IQueryable<ReportMail> RowOf(ServiceEvalDb db, ReportMail mail) =>
        db.ReportMails.Where(m =>
            m.Scope == mail.Scope && m.Week == mail.Week && m.Version == mail.Version && m.Recipient == mail.Recipient
        );
}
