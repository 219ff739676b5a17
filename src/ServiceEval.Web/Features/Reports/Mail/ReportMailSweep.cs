using Hangfire;
using Microsoft.Extensions.Options;
using ServiceEval.Core.Mail;
using ServiceEval.Core.Reports;
using ServiceEval.Web.Features.Places;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Mail;

namespace ServiceEval.Web.Features.Reports.Mail;

/// <summary>Sends the due mails one by one. May run at any time, more than once and on several nodes at once.</summary>
public sealed partial class ReportMailSweep(
    NewMails newMails,
    MailOutbox outbox,
    ReportLetters letters,
    HallDirectory directory,
    IOptions<MailOptions> options,
    IOptions<HostOptions> host,
    ILogger<ReportMailSweep> logger
)
{
    /// <summary>
    /// The part of the host's shutdown time-out that is kept for noting the outcome, and for services that stop after
    /// the jobs.
    /// </summary>
    private static readonly TimeSpan AfterStopping = TimeSpan.FromSeconds(5);

    private int _running;

    /// <summary>Returns the job of this node. On a node without mail settings the sweep does nothing.</summary>
    internal static HostJob Job(IServiceProvider services)
    {
        if (services.GetRequiredService<IOptions<MailOptions>>().Value.IsOn)
            return HostJob.Of<ReportMailSweep>(sweep => sweep.RunAloneAsync(CancellationToken.None), Cron.Minutely());
        // On a server all nodes share the list, so the job stays for a node that sends mail.
        return services.GetRequiredService<DatabaseEngine>().IsServer
            ? HostJob.Left<ReportMailSweep>()
            : HostJob.Removed<ReportMailSweep>();
    }

    /// <summary>
    /// Runs on schedule, but not while the previous run is still busy. Otherwise a server that does not answer would
    /// occupy every worker.
    /// </summary>
    // There are no retries, because the job runs again in the next minute.
    [AutomaticRetry(Attempts = 0)]
    public async Task RunAloneAsync(CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _running, 1) == 1)
            return;
        try
        {
            await RunAsync(ct);
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    private bool IsWanted(ReportMail mail) => options.Value.IsRecipient(mail, directory.Current.Regions);

    public async Task RunAsync(CancellationToken ct)
    {
        if (!options.Value.IsOn)
            return;
        await newMails.MakeAsync(ct);
        // A recipient who was removed from the settings gets no more mails.
        var due = (await outbox.DueAsync(ct)).Where(IsWanted).ToList();
        if (due.Count == 0)
            return;

        await using var line = new SmtpSession(options.Value, WhileStopping());
        foreach (var report in due.GroupBy(m => new ReportId(m.Scope, m.Week, m.Version)))
        {
            var (letter, failure) = await WriteAsync(report.Key, ct);
            foreach (var mail in report)
            {
                using var message = letter is null ? null : letters.Address(letter, mail.Recipient);
                var lostAgain = mail is { State: MailState.Sending, MayBeDouble: true };
                if (ct.IsCancellationRequested || !await ClaimAsync(mail, ct))
                    continue;
                var outcome =
                    lostAgain ? SmtpFaults.OnLostAgain
                    : message is null ? failure!
                    : await line.SendAsync(message, ct);
                await outbox.NoteAsync(mail, outcome);
                Tell(mail);
                if (!line.IsBroken || ct.IsCancellationRequested)
                    continue;
                // The next mail would probably fail in the same way and take as long.
                Log.BrokeOff(logger, await outbox.PostponeAsync(SmtpFaults.OnBroken, ct));
                return;
            }
        }
    }

    private TimeSpan WhileStopping() =>
        host.Value.ShutdownTimeout > AfterStopping ? host.Value.ShutdownTimeout - AfterStopping : TimeSpan.Zero;

    /// <summary>Writes the mail before any of its rows is claimed, because this may take a while.</summary>
    private async Task<(ReportLetter? Letter, MailOutcome? Failure)> WriteAsync(ReportId id, CancellationToken ct)
    {
        try
        {
            return await letters.WriteAsync(id, ct) is { } letter
                ? (letter, null)
                : (null, MailOutcome.Never("这份周报已经不在了。"));
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            Log.NotWritten(logger, id, e);
            return (null, MailOutcome.Later("邮件没有写成，原因见服务的日志。"));
        }
    }

    private async Task<bool> ClaimAsync(ReportMail mail, CancellationToken ct)
    {
        var lost = mail is { State: MailState.Sending, MayBeDouble: false };
        var claimed = await outbox.ClaimAsync(mail, ct);
        if (claimed && lost)
            Log.Lost(logger, Id(mail), MailAddresses.Masked(mail.Recipient));
        return claimed;
    }

    private void Tell(ReportMail mail)
    {
        var recipient = MailAddresses.Masked(mail.Recipient);
        if (mail.State == MailState.Sent)
            Log.Sent(logger, Id(mail), recipient, mail.Attempts);
        else if (mail.State == MailState.Due)
            Log.Later(logger, Id(mail), recipient, mail.At, mail.Refusal);
        else if (mail.MayBeDouble)
            Log.Unknown(logger, Id(mail), recipient, mail.Attempts, mail.Refusal);
        else
            Log.Refused(logger, Id(mail), recipient, mail.Attempts, mail.Refusal);
    }

    private static ReportId Id(ReportMail mail) => new(mail.Scope, mail.Week, mail.Version);

    private static partial class Log
    {
        [LoggerMessage(4101, LogLevel.Information, "Report {Id} mailed to {Recipient} at attempt {Attempt}")]
        public static partial void Sent(ILogger logger, ReportId id, string recipient, int attempt);

        [LoggerMessage(
            4102,
            LogLevel.Warning,
            "Report {Id} was not mailed to {Recipient}; the next attempt is at {At:u}: {Why}"
        )]
        public static partial void Later(ILogger logger, ReportId id, string recipient, DateTimeOffset at, string? why);

        [LoggerMessage(
            4103,
            LogLevel.Error,
            "Report {Id} will not reach {Recipient}, given up after {Attempts} attempts: {Why}"
        )]
        public static partial void Refused(ILogger logger, ReportId id, string recipient, int attempts, string? why);

        [LoggerMessage(
            4104,
            LogLevel.Warning,
            "Report {Id} was being sent to {Recipient} when the sending process ended; it is sent again and may arrive twice"
        )]
        public static partial void Lost(ILogger logger, ReportId id, string recipient);

        [LoggerMessage(
            4108,
            LogLevel.Error,
            "Report {Id} may have reached {Recipient} and is not sent again after {Attempts} attempts: {Why}"
        )]
        public static partial void Unknown(ILogger logger, ReportId id, string recipient, int attempts, string? why);

        [LoggerMessage(
            4109,
            LogLevel.Warning,
            "The mail server closed the connection or did not answer; {Count} other mails wait for the next sweep"
        )]
        public static partial void BrokeOff(ILogger logger, int count);

        [LoggerMessage(4105, LogLevel.Error, "The mail of report {Id} could not be written")]
        public static partial void NotWritten(ILogger logger, ReportId id, Exception exception);
    }
}
