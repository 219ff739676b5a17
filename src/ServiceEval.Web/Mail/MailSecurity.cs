namespace ServiceEval.Web.Mail;

public enum MailSecurity : byte
{
    /// <summary>
    /// The connection begins without encryption and is encrypted before anything else is sent. If the server does not
    /// support this, nothing is sent.
    /// </summary>
    StartTls = 0,

    /// <summary>The connection is encrypted from the first byte.</summary>
    Tls = 1,

    /// <summary>Nothing is encrypted, not even the password.</summary>
    None = 2,
}
