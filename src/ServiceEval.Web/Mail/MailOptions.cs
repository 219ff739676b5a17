namespace ServiceEval.Web.Mail;

/// <summary>The recipients of reports by mail and the mail server, until accounts contain these settings.</summary>
public sealed class MailOptions
{
    public const string Section = "ServiceEval:Mail";

    /// <summary>The prefix of these settings in environment variables.</summary>
    public const string Setting = "ServiceEval__Mail";

    /// <summary>The SMTP server. If it is unset, no mail is sent.</summary>
    public string? Host { get; set; }
    public int Port { get; set; } = 587;
    public MailSecurity Security { get; set; } = MailSecurity.StartTls;

    /// <summary>
    /// A file with the certificate authorities that are trusted instead of the system's authorities, for a server in
    /// the customer's own network.
    /// </summary>
    public string? TrustedCertificate { get; set; }

    /// <summary>The sender's address, optionally with a name before it.</summary>
    public string? From { get; set; }

    /// <summary>The user for the log-in. Unset if the server requires no log-in.</summary>
    public string? User { get; set; }
    public string? PasswordFile { get; set; }

    /// <summary>Intended for an environment variable.</summary>
    public string? Password { get; set; }

    public MailRecipient[] Recipients { get; set; } = [];

    public bool IsOn => !string.IsNullOrWhiteSpace(Host);
}

public sealed class MailRecipient
{
    public string Address { get; set; } = "";

    /// <summary>The code of a region or of a hall. <c>county</c> is the root.</summary>
    public string Scope { get; set; } = Core.Places.Region.RootAlias;
}
