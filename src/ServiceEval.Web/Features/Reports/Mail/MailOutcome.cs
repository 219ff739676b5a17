namespace ServiceEval.Web.Features.Reports.Mail;

/// <summary>How an attempt ended, as far as is known here.</summary>
/// <param name="Why">Null only if it was sent.</param>
/// <param name="MayHaveArrived">The server had all of it and was not heard of again.</param>
internal sealed record MailOutcome(MailVerdict Verdict, string? Why = null, bool MayHaveArrived = false)
{
    public static readonly MailOutcome Sent = new(MailVerdict.Sent);

    /// <summary>May go better another time, if only because an operator mends something.</summary>
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

/// <summary>When to try again: after 1, 5, 15 and 60 minutes, then hourly for two days.</summary>
internal static class MailBackOff
{
    public static readonly TimeSpan GivenUpAfter = TimeSpan.FromHours(48);

    private static readonly int[] Minutes = [1, 5, 15, 60];

    /// <summary>The longest pause, and what two machines' clocks may differ by.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(Minutes[^1] + 10);

    /// <summary>
    /// Null once it is given up. Counted by attempts and not by the clock: what a host that was down did not try is not
    /// held against it.
    /// </summary>
    public static TimeSpan? After(int attempts)
    {
        var waited = Enumerable.Range(1, attempts).Sum(MinutesAfter);
        return waited > GivenUpAfter.TotalMinutes ? null : TimeSpan.FromMinutes(MinutesAfter(attempts));
    }

    private static int MinutesAfter(int attempt) => Minutes[Math.Min(attempt, Minutes.Length) - 1];
}
