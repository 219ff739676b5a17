using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ServiceEval.Core.Mail;

/// <summary>
/// One version of a report for one recipient (a row of an outbox). The key of the row makes sure that it is one mail.
/// The job only looks for rows to send.
/// </summary>
public sealed class ReportMail
{
    public required string Scope { get; init; }
    public required string Week { get; init; }
    public int Version { get; init; }

    /// <summary>The mail address as in RFC 5321, at most 254 characters.</summary>
    public required string Recipient { get; init; }
    public MailState State { get; set; } = MailState.Due;

    /// <summary>
    /// The number of attempts (optimistic concurrency). The process that raises it sends the mail. A process that fails
    /// to raise it must not send the mail.
    /// </summary>
    public int Attempts { get; set; }

    /// <summary>
    /// If the mail is due: the time of the next attempt. In every other state: the time since which the mail is in this
    /// state.
    /// </summary>
    public DateTimeOffset At { get; set; }

    /// <summary>
    /// True if the outcome of an earlier attempt is unknown. That mail may have arrived, and the next one may be a
    /// second copy.
    /// </summary>
    public bool MayBeDouble { get; set; }

    /// <summary>The reason of the last refusal.</summary>
    public string? Refusal { get; set; }
}

public enum MailState : byte
{
    Due = 1,
    Sending = 2,
    Sent = 3,

    /// <summary>The server refused the mail permanently, or it has not accepted the mail for too long.</summary>
    Refused = 4,
}

internal sealed class ReportMailConfiguration : IEntityTypeConfiguration<ReportMail>
{
    public void Configure(EntityTypeBuilder<ReportMail> mail)
    {
        mail.ToTable("ReportMails");
        mail.HasKey(m => new
        {
            m.Scope,
            m.Week,
            m.Version,
            m.Recipient,
        });
        mail.Property(m => m.Scope).HasMaxLength(40);
        mail.Property(m => m.Week).HasMaxLength(8);
        mail.Property(m => m.Recipient).HasMaxLength(254);
        mail.Property(m => m.Attempts).IsConcurrencyToken();
        mail.Property(m => m.Refusal).HasMaxLength(500);
        mail.HasIndex(m => new { m.State, m.At });
    }
}
