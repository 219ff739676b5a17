namespace ServiceEval.Web.Mail;

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
