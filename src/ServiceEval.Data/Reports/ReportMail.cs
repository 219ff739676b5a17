using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ServiceEval.Data.Reports;

/// <summary>
/// A report's version on its way to one recipient: the row is what makes it one mail, a job only sweeps.
/// </summary>
public sealed class ReportMail
{
    public required string Scope { get; init; }
    public required string Week { get; init; }
    public int Version { get; init; }

    /// <summary>An address as in RFC 5321, at most 254 characters.</summary>
    public required string Recipient { get; init; }
    public MailState State { get; set; } = MailState.Due;

    /// <summary>How often it was tried; whoever raises it has the mail, and a loser leaves it alone.</summary>
    public int Attempts { get; set; }

    /// <summary>Of a due mail: when to try next. Of any other: since when it is so.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>
    /// It had gone out, and how that ended was not heard: it may have arrived, and the one that is sent after it be a
    /// second.
    /// </summary>
    public bool MayBeDouble { get; set; }

    /// <summary>What the server last refused it with.</summary>
    public string? Refusal { get; set; }
}

public enum MailState : byte
{
    Due = 1,
    Sending = 2,
    Sent = 3,

    /// <summary>The server will never take it, or has not for too long.</summary>
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
