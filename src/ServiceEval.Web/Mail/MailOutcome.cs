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

/// <summary>The back-off: the next attempts are after 1, 5, 15 and 60 minutes, then every hour for two days.</summary>
internal static class MailBackOff
{
    public static readonly TimeSpan GivenUpAfter = TimeSpan.FromHours(48);

    private static readonly int[] Minutes = [1, 5, 15, 60];

    /// <summary>The longest pause, plus the possible difference between the clocks of two machines.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(Minutes[^1] + 10);

    /// <summary>
    /// Returns the pause after this number of attempts, or null if the mail is given up. Attempts are counted and not
    /// time, so the time while a host was down does not count.
    /// </summary>
    public static TimeSpan? After(int attempts)
    {
        var waited = Enumerable.Range(1, attempts).Sum(MinutesAfter);
        return waited > GivenUpAfter.TotalMinutes ? null : TimeSpan.FromMinutes(MinutesAfter(attempts));
    }

    private static int MinutesAfter(int attempt) => Minutes[Math.Min(attempt, Minutes.Length) - 1];
}
