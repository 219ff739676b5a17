namespace ServiceEval.Web.Mail;

/// <summary>The outcome of an attempt, as far as this process knows it.</summary>
/// <param name="Why">Null only if the mail was sent.</param>
/// <param name="MayHaveArrived">The server received the whole mail, but its answer did not arrive.</param>
internal sealed record MailOutcome(MailVerdict Verdict, string? Why = null, bool MayHaveArrived = false)
{
    public static readonly MailOutcome Sent = new(MailVerdict.Sent);

    /// <summary>
    /// Creates an outcome that may be better at another attempt, for example after an operator has corrected a setting.
    /// </summary>
    public static MailOutcome Later(string why, bool mayHaveArrived = false) =>
        new(MailVerdict.Later, why, mayHaveArrived);

    public static MailOutcome Never(string why) => new(MailVerdict.Never, why);
}

internal enum MailVerdict
{
    Sent,
    Later,
    Never,
}
