namespace ServiceEval.Web.Features.Reports.Mail;

/// <summary>To whom reports are mailed, and by which server, until accounts know it.</summary>
public sealed class MailOptions
{
    public const string Section = "ServiceEval:Mail";

    /// <summary>As it is written in the environment.</summary>
    public const string Setting = "ServiceEval__Mail";

    /// <summary>The SMTP server; unset: no mail at all.</summary>
    public string? Host { get; set; }
    public int Port { get; set; } = 587;
    public MailSecurity Security { get; set; } = MailSecurity.StartTls;

    /// <summary>
    /// A file with the authorities that are trusted instead of the system's, for a server of one's own network.
    /// </summary>
    public string? TrustedCertificate { get; set; }

    /// <summary>An address, with a name before it if one likes.</summary>
    public string? From { get; set; }

    /// <summary>Unset: the server asks for no log-in.</summary>
    public string? User { get; set; }
    public string? PasswordFile { get; set; }

    /// <summary>Meant for the environment.</summary>
    public string? Password { get; set; }

    public MailRecipient[] Recipients { get; set; } = [];

    public bool IsOn => !string.IsNullOrWhiteSpace(Host);
}

public enum MailSecurity : byte
{
    /// <summary>Begins in clear and is encrypted before anything is said; without it nothing is sent.</summary>
    StartTls = 0,

    /// <summary>Encrypted from the first byte.</summary>
    Tls = 1,

    /// <summary>Everything in clear, the password too.</summary>
    None = 2,
}

public sealed class MailRecipient
{
    public string Address { get; set; } = "";

    /// <summary><c>county</c> or a hall's code.</summary>
    public string Scope { get; set; } = Data.Halls.Hall.CountyScope;
}
